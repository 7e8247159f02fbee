"""The guides for those who work with the office: docs/guide, shown beside the pages they are about.

They are kept with the office, so that they say what this version does and need no other host.
"""
