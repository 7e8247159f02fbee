"""Above which amount a third person checks: seen and set at the desk."""
