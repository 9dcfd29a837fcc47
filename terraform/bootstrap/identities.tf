# GitHub's tokens are believed for this one repository, by numbers that nobody can register again.
resource "google_iam_workload_identity_pool" "ci" {
  project                   = var.project
  workload_identity_pool_id = "binauthz-ci"
  display_name              = "Pipelines"

  depends_on = [google_project_service.apis]
}

resource "google_iam_workload_identity_pool_provider" "github" {
  project                            = var.project
  workload_identity_pool_id          = google_iam_workload_identity_pool.ci.workload_identity_pool_id
  workload_identity_pool_provider_id = "github"
  attribute_condition                = "assertion.repository_owner_id == '${var.github.owner_id}' && assertion.repository_id == '${var.github.repository_id}'"

  attribute_mapping = {
    "google.subject"          = "assertion.sub"
    "attribute.repository_id" = "assertion.repository_id"
    "attribute.ref"           = "assertion.ref"
    # A job in a GitHub environment has the subject repo:OWNER/NAME:environment:ENVIRONMENT, whatever its branch.
    "attribute.released_as" = "assertion.ref == '${var.github.ref}' ? assertion.sub : 'none'"
  }

  oidc {
    issuer_uri = "https://token.actions.githubusercontent.com"
  }
}

locals {
  pool = "principalSet://iam.googleapis.com/projects/${data.google_project.this.number}/locations/global/workloadIdentityPools/${google_iam_workload_identity_pool.ci.workload_identity_pool_id}"

  # Who may act as whom: planner from every ref, pull requests too; image from the release ref; the others from the release
  # ref and a GitHub environment, whose reviewers are GitHub's to set.
  accounts = merge(
    {
      ci-plan  = { what = "Plans every environment; can change nothing.", from = "${local.pool}/attribute.repository_id/${var.github.repository_id}" }
      ci-image = { what = "Builds and pushes the functions' image.", from = "${local.pool}/attribute.ref/${var.github.ref}" }
    },
    { for name in keys(var.environments) : "ci-deploy-${name}" => {
      what = "Deploys another image of the functions of ${name}.", from = "${local.pool}/attribute.released_as/repo:${var.github.repository}:environment:${name}"
    } },
    { for name in keys(var.environments) : "ci-apply-${name}" => {
      what = "Applies ${name}: may change what is trusted.", from = "${local.pool}/attribute.released_as/repo:${var.github.repository}:environment:${name}-trust"
    } },
  )

  # What a plan reads.
  plans = ["roles/viewer", "roles/iam.securityReviewer", "roles/cloudkms.publicKeyViewer"]

  # What an apply of the module changes. Whoever has these could make itself the signer: therefore apart from who deploys.
  applies = [
    "roles/binaryauthorization.attestorsAdmin",
    "roles/binaryauthorization.policyAdmin",
    "roles/cloudkms.admin",
    "roles/cloudkms.publicKeyViewer",
    "roles/cloudscheduler.admin",
    "roles/containeranalysis.admin",
    "roles/iam.roleAdmin",
    "roles/iam.serviceAccountAdmin",
    "roles/iam.serviceAccountUser",
    "roles/logging.configWriter",
    "roles/monitoring.editor",
    "roles/pubsub.admin",
    "roles/resourcemanager.projectIamAdmin",
    "roles/run.admin",
    "roles/serviceusage.serviceUsageAdmin",
    "roles/storage.admin",
  ]

  grants = merge(
    { for pair in setproduct(keys(var.environments), local.plans) : "ci-plan ${pair[0]} ${pair[1]}" => { account = "ci-plan", project = var.environments[pair[0]], role = pair[1] } },
    { for pair in setproduct(keys(var.environments), local.applies) : "ci-apply-${pair[0]} ${pair[1]}" => { account = "ci-apply-${pair[0]}", project = var.environments[pair[0]], role = pair[1] } },
  )
}

resource "google_service_account" "ci" {
  for_each = local.accounts

  project     = var.project
  account_id  = each.key
  description = each.value.what

  depends_on = [google_project_service.apis]
}

locals {
  members = { for name, account in google_service_account.ci : name => "serviceAccount:${account.account_id}@${var.project}.iam.gserviceaccount.com" }
}

resource "google_service_account_iam_binding" "github" {
  for_each = local.accounts

  service_account_id = google_service_account.ci[each.key].name
  role               = "roles/iam.workloadIdentityUser"
  members            = [each.value.from]
}

resource "google_project_iam_member" "environments" {
  for_each = local.grants

  project = each.value.project
  role    = each.value.role
  member  = local.members[each.value.account]
}

# Grants on secrets and repositories, without what is in them: the predefined roles that may grant may read, too.
resource "google_project_iam_custom_role" "granter" {
  for_each = var.environments

  project     = each.value
  role_id     = "binauthzGranter"
  title       = "Grants access to secrets and repositories"
  description = "roles/secretmanager.admin would read every secret, roles/artifactregistry.admin push images."
  permissions = [
    "artifactregistry.repositories.get",
    "artifactregistry.repositories.getIamPolicy",
    "artifactregistry.repositories.setIamPolicy",
    "secretmanager.secrets.get",
    "secretmanager.secrets.getIamPolicy",
    "secretmanager.secrets.list",
    "secretmanager.secrets.setIamPolicy",
  ]
}

resource "google_project_iam_member" "granter" {
  for_each = var.environments

  project = each.value
  role    = "projects/${each.value}/roles/${google_project_iam_custom_role.granter[each.key].role_id}"
  member  = local.members["ci-apply-${each.key}"]
}

# An environment's state is its appliers'; plans read all of them and take no lock (terraform plan -lock=false).
resource "google_storage_bucket_iam_member" "plan" {
  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectViewer"
  member = local.members["ci-plan"]
}

resource "google_storage_bucket_iam_member" "apply" {
  for_each = var.environments

  bucket = google_storage_bucket.state.name
  role   = "roles/storage.objectUser"
  member = local.members["ci-apply-${each.key}"]

  condition {
    title      = "Only the state of ${each.key}"
    expression = "resource.name.startsWith(\"projects/_/buckets/${google_storage_bucket.state.name}/objects/binauthz/${each.key}/\") || api.getAttribute(\"storage.googleapis.com/objectListPrefix\", \"\").startsWith(\"binauthz/${each.key}/\")"
  }
}

resource "google_artifact_registry_repository_iam_member" "image" {
  project    = var.project
  location   = var.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.writer"
  member     = local.members["ci-image"]
}

# Cloud Build as one of these writes its log itself.
resource "google_project_iam_member" "logs" {
  for_each = toset(concat(["ci-image"], [for name in keys(var.environments) : "ci-apply-${name}"]))

  project = var.project
  role    = "roles/logging.logWriter"
  member  = local.members[each.key]
}

# Deploying needs to read the image; what it may change of the functions is granted by the environment (image_deployers).
resource "google_artifact_registry_repository_iam_member" "deploy" {
  for_each = toset(flatten([for name in keys(var.environments) : ["ci-apply-${name}", "ci-deploy-${name}"]]))

  project    = var.project
  location   = var.location
  repository = google_artifact_registry_repository.images.name
  role       = "roles/artifactregistry.reader"
  member     = local.members[each.key]
}

# The build plans what it built, without what a plan reads being the build's.
resource "google_service_account_iam_member" "plan" {
  service_account_id = google_service_account.ci["ci-plan"].name
  role               = "roles/iam.serviceAccountTokenCreator"
  member             = local.members["ci-image"]
}
