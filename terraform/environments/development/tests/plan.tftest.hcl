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
      { secret_id = "development-approval" },
      { secret_id = "development-alerts" },
      { secret_id = "development-slack-url" },
    ]
  }
}

run "plan" {
  command = plan

  assert {
    condition     = output.cluster_evaluation_mode == "DISABLED"
    error_message = "Clusters of development would ask a policy that lets everything run."
  }
}
