"""From photo to items: intake of photos, job workers, and one attempt at a job."""
