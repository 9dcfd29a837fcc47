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
      { secret_id = "staging-approval" },
      { secret_id = "staging-alerts" },
      { secret_id = "staging-slack-url" },
    ]
  }
}

run "plan" {
  command = plan
}
