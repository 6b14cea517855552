"""The workbench: planning, insight and assessment on screen; propose, compare, approve."""
