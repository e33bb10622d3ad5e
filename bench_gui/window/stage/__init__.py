"""What a talk needs: a lane in focus, larger type, present mode, beats, a cheat sheet, toasts."""
