"""From a photo that was sent to items: intake, the job workers, and what one try does."""
