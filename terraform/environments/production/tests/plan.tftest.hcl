# Plans the environment as terraform.tfvars.example has it, without a cloud: .ci/terraform keeps the plan for the tests of the code.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

mock_provider "time" {}

override_data {
  target = module.environment.data.google_secret_manager_secrets.present
  values = {
    secrets = [
      { secret_id = "production-approval" },
      { secret_id = "production-alerts" },
      { secret_id = "production-slack-url" },
    ]
  }
}

# The bucket is there, and one image is attested: else the plan warns.
override_data {
  target = module.environment.data.google_storage_buckets.evidence
  values = {
    buckets = [{ name = "acme-prod-binauthz-evidence" }]
  }
}

override_data {
  target = module.environment.data.google_storage_bucket_objects.decisions
  values = {
    bucket_objects = [{ name = "decisions/production-attestor/sha256/0000/1.json" }]
  }
}

run "plan" {
  command = plan
}
