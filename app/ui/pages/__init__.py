"""The pages of the window, one file each: what they show is asked of the services, never of the store."""
