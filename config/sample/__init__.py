"""A fictional bureau with a press of its own: what `jianbao up --sample` and the end-to-end test run on."""
