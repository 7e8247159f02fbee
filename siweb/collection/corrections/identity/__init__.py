"""Set right who a person is: name, sex, birth date, ID number."""
