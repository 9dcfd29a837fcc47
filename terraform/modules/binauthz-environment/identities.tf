locals {
  # Who may do what: the one place where it is said. The functions' tests run under it.
  iam = yamldecode(file("${path.module}/iam.yaml"))
  # Unquoted, the key "on" is the boolean of YAML 1.1, which terraform reads.
  iam_grants = [for grant in local.iam.grants : merge(grant, { on = try(grant.on, grant["true"]) })]

  secrets = merge(
    { approval = { approval = var.approval.secret }, alerts = { alerts = var.alerts.secret } },
    { channels = var.channel_secrets },
  )

  # A place of iam.yaml, such as topic:alerts, as the things that it stands for, by static names.
  places = merge(
    { for place in ["project", "key", "audit-key", "note", "attestor", "bucket"] : place => { (place) = place } },
    { repository = { for name, repository in var.repositories : "repository ${name}" => name } },
    { for name in keys(local.own_topics) : "topic:${name}" => { "topic:${name}" = name } },
    { for name, secrets in local.secrets : "secret:${name}" => { for id, secret in secrets : "secret:${name} ${id}" => secret } },
    { for name in keys(local.services) : "service:${name}" => { "service:${name}" = name } },
  )

  # One for each identity, role and thing, such as "signer roles/cloudkms.signer key".
  grants = { for grant in flatten([
    for grant in local.iam_grants : [
      for name, target in local.places[grant.on] : {
        key       = "${grant.identity} ${grant.role} ${name}"
        kind      = split(":", grant.on)[0]
        name      = name
        target    = target
        exclusive = try(grant.exclusive, false)
        role      = startswith(grant.role, "roles/") ? grant.role : "projects/${var.project}/roles/${google_project_iam_custom_role.roles[grant.role].role_id}"
        role_name = grant.role
        member    = "serviceAccount:${local.emails[grant.identity]}"
        below     = try(grant.below, [])
        # Where objects are listed, the condition is asked for the prefix of the list and not for an object's name.
        lists = contains(grant.permissions, "storage.objects.list")
      }
    ]
  ]) : grant.key => grant }

  # A role that is exclusive on a thing is owned as a whole: a member that somebody else added is taken away again.
  owned   = { for key, grant in local.grants : "${grant.role_name} ${grant.name}" => grant... if contains(local.exclusive_roles, "${grant.role_name} ${grant.name}") }
  shared  = { for key, grant in local.grants : key => grant if !contains(local.exclusive_roles, "${grant.role_name} ${grant.name}") }
  ownable = ["key", "audit-key", "note", "attestor", "topic", "service"]
  exclusive_roles = toset(flatten([
    for grant in local.iam_grants : [for name, target in local.places[grant.on] : "${grant.role} ${name}"] if try(grant.exclusive, false)
  ]))

  # Names are put together of what a plan knows, so that the plan of a new environment says who gets what.
  emails = { for name, account in google_service_account.functions : name => "${account.account_id}@${var.project}.iam.gserviceaccount.com" }
  keys   = { key = local.attestor_key, audit-key = local.audit_key }
}

resource "google_service_account" "functions" {
  for_each = local.iam.identities

  project      = var.project
  account_id   = "${var.environment}-${each.key}"
  display_name = "Binary Authorization, ${var.environment}: ${each.key}"
  description  = each.value

  lifecycle {
    precondition {
      condition     = alltrue([for grant in local.iam_grants : contains(local.ownable, split(":", grant.on)[0]) if try(grant.exclusive, false)])
      error_message = "iam.yaml has an exclusive grant on a project, bucket, repository or secret. There others have the role, too: leave exclusive out."
    }
  }

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_custom_role" "roles" {
  for_each = local.iam.roles

  project     = var.project
  role_id     = each.key
  title       = each.value.title
  description = each.value.why
  permissions = each.value.permissions

  depends_on = [google_project_service.apis]
}

resource "google_project_iam_member" "project" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "project" }

  project = var.project
  role    = each.value.role
  member  = each.value.member
}

resource "google_kms_crypto_key_iam_binding" "key" {
  for_each = { for key, grants in local.owned : key => grants if contains(["key", "audit-key"], grants[0].kind) }

  crypto_key_id = local.keys[each.value[0].target]
  role          = each.value[0].role
  members       = each.value[*].member
}

resource "google_kms_crypto_key_iam_member" "key" {
  for_each = { for key, grant in local.shared : key => grant if contains(["key", "audit-key"], grant.kind) }

  crypto_key_id = local.keys[each.value.target]
  role          = each.value.role
  member        = each.value.member
}

resource "google_container_analysis_note_iam_binding" "note" {
  for_each = { for key, grants in local.owned : key => grants if grants[0].kind == "note" }

  project = var.project
  note    = google_container_analysis_note.attestor.name
  role    = each.value[0].role
  members = each.value[*].member
}

resource "google_container_analysis_note_iam_member" "note" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "note" }

  project = var.project
  note    = google_container_analysis_note.attestor.name
  role    = each.value.role
  member  = each.value.member
}

resource "google_binary_authorization_attestor_iam_binding" "attestor" {
  for_each = { for key, grants in local.owned : key => grants if grants[0].kind == "attestor" }

  project  = var.project
  attestor = google_binary_authorization_attestor.environment.name
  role     = each.value[0].role
  members  = each.value[*].member
}

resource "google_binary_authorization_attestor_iam_member" "attestor" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "attestor" }

  project  = var.project
  attestor = google_binary_authorization_attestor.environment.name
  role     = each.value.role
  member   = each.value.member
}

resource "google_storage_bucket_iam_member" "evidence" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "bucket" }

  bucket = google_storage_bucket.evidence.name
  role   = each.value.role
  member = each.value.member

  dynamic "condition" {
    for_each = length(each.value.below) == 0 ? [] : [each.value]

    content {
      title       = "Only below ${join(" ", condition.value.below)}"
      description = "What ${condition.value.key} is for."
      expression = join(" || ", concat(
        [for prefix in condition.value.below : "resource.name.startsWith(\"projects/_/buckets/${local.evidence_bucket}/objects/${prefix}\")"],
        [for prefix in condition.value.below : "api.getAttribute(\"storage.googleapis.com/objectListPrefix\", \"\").startsWith(\"${prefix}\")" if condition.value.lists],
      ))
    }
  }
}

resource "google_artifact_registry_repository_iam_member" "repository" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "repository" }

  project    = coalesce(var.repositories[each.value.target].project, var.project)
  location   = coalesce(var.repositories[each.value.target].location, var.location)
  repository = var.repositories[each.value.target].name
  role       = each.value.role
  member     = each.value.member
}

resource "google_pubsub_topic_iam_binding" "topic" {
  for_each = { for key, grants in local.owned : key => grants if grants[0].kind == "topic" }

  project = var.project
  topic   = google_pubsub_topic.own[each.value[0].target].name
  role    = each.value[0].role
  members = each.value[*].member
}

resource "google_pubsub_topic_iam_member" "topic" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "topic" }

  project = var.project
  topic   = google_pubsub_topic.own[each.value.target].name
  role    = each.value.role
  member  = each.value.member
}

resource "google_secret_manager_secret_iam_member" "secret" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "secret" }

  secret_id = each.value.target
  role      = each.value.role
  member    = each.value.member
}

resource "google_cloud_run_v2_service_iam_binding" "service" {
  for_each = { for key, grants in local.owned : key => grants if grants[0].kind == "service" }

  project  = var.project
  location = var.location
  name     = google_cloud_run_v2_service.functions[each.value[0].target].name
  role     = each.value[0].role
  members  = each.value[*].member
}

resource "google_cloud_run_v2_service_iam_member" "service" {
  for_each = { for key, grant in local.shared : key => grant if grant.kind == "service" }

  project  = var.project
  location = var.location
  name     = google_cloud_run_v2_service.functions[each.value.target].name
  role     = each.value.role
  member   = each.value.member
}

# Roles of this environment's identities in other projects: those of the images and those of the clusters. Custom roles are
# this project's own, therefore predefined ones that only read.
locals {
  elsewhere = merge(
    { for project in local.image_projects : "signer ${project}" => { identity = "signer", project = project, role = "roles/containeranalysis.occurrences.viewer" } },
    { for grant in setproduct(setsubtract(var.audited_projects, [var.project]), [
      ["auditor", "roles/binaryauthorization.policyViewer"],
      ["auditor", "roles/cloudasset.viewer"],
      ["auditor", "roles/container.clusterViewer"],
      ["auditor", "roles/logging.privateLogViewer"],
      ["alerter", "roles/binaryauthorization.policyViewer"],
      ["rotator", "roles/cloudasset.viewer"],
    ]) : "${grant[1][0]} ${grant[1][1]} ${grant[0]}" => { identity = grant[1][0], project = grant[0], role = grant[1][1] } },
  )
}

resource "google_project_iam_member" "elsewhere" {
  for_each = local.elsewhere

  project = each.value.project
  role    = each.value.role
  member  = "serviceAccount:${local.emails[each.value.identity]}"
}

# Others than the functions. What they get is read here alone; iam.yaml is about the functions.

resource "google_binary_authorization_attestor_iam_member" "readers" {
  for_each = toset(var.attestation_readers)

  project  = var.project
  attestor = google_binary_authorization_attestor.environment.name
  role     = "roles/binaryauthorization.attestorsVerifier"
  member   = each.key
}

resource "google_container_analysis_note_iam_member" "readers" {
  for_each = toset(var.attestation_readers)

  project = var.project
  note    = google_container_analysis_note.attestor.name
  role    = "roles/containeranalysis.notes.occurrences.viewer"
  member  = each.key
}

locals {
  deployments = { for pair in setproduct(var.image_deployers, keys(local.services)) : "${pair[0]} ${pair[1]}" => { member = pair[0], service = pair[1] } }
}

resource "google_cloud_run_v2_service_iam_member" "deployers" {
  for_each = local.deployments

  project  = var.project
  location = var.location
  name     = google_cloud_run_v2_service.functions[each.value.service].name
  role     = "roles/run.developer"
  member   = each.value.member
}

# To deploy a service is to let it act as its account: whoever may do that decides what the signer signs.
resource "google_service_account_iam_member" "deployers" {
  for_each = local.deployments

  service_account_id = google_service_account.functions[local.services[each.value.service].identity].name
  role               = "roles/iam.serviceAccountUser"
  member             = each.value.member
}
