# The values are those of terraform.tfvars.example.
mock_provider "google" {
  mock_data "google_project" {
    defaults = { number = "123456789012" }
  }
}

run "example" {
  command = plan

  assert {
    condition     = google_iam_workload_identity_pool_provider.github.attribute_condition == "assertion.repository_owner_id == '9876543' && assertion.repository_id == '123456789'"
    error_message = "Tokens of other repositories would be believed."
  }

  assert {
    condition     = google_service_account_iam_binding.github["ci-apply-production"].members == toset(["principalSet://iam.googleapis.com/projects/123456789012/locations/global/workloadIdentityPools/binauthz-ci/attribute.released_as/repo:acme/binauthz:environment:production-trust"])
    error_message = "Somebody else may apply production."
  }

  assert {
    condition     = alltrue([for key, grant in google_project_iam_member.environments : !startswith(key, "ci-plan") || contains(["roles/viewer", "roles/iam.securityReviewer", "roles/cloudkms.publicKeyViewer"], grant.role)])
    error_message = "The planner may change something."
  }

  assert {
    condition     = length([for key in keys(google_project_iam_member.environments) : key if startswith(key, "ci-deploy") || startswith(key, "ci-image")]) == 0
    error_message = "Who builds or deploys has a role in an environment's project."
  }
}

run "an_environment_in_the_project_for_building" {
  command = plan
  variables { project = "acme-prod" }
  expect_failures = [var.project]
}

run "two_environments_in_a_project" {
  command = plan
  variables { environments = { staging = "acme-prod", production = "acme-prod" } }
  expect_failures = [var.environments]
}

run "unknown_environment" {
  command = plan
  variables { environments = { prod = "acme-prod" } }
  expect_failures = [var.environments]
}

run "repository_by_name_alone" {
  command = plan
  variables { github = { repository = "acme/binauthz", repository_id = "", owner_id = "9876543" } }
  expect_failures = [var.github]
}

run "any_branch" {
  command = plan
  variables { github = { repository = "acme/binauthz", repository_id = "123456789", owner_id = "9876543", ref = "refs/heads/*" } }
  expect_failures = [var.github]
}
