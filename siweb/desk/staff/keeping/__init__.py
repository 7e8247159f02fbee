"""How long scans are kept, holds, and destruction: seen and decided at the desk."""
