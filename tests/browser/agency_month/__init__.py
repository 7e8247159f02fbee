"""The month of an agency, played in browsers by everybody who has a part in it."""
