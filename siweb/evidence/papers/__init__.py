"""The papers that deeds rest on: asked for, kept and shown in one way."""
