using System.Text.Json.Nodes;
using static BinAuthz.Tests.Deployment.PlannedEnvironment;

namespace BinAuthz.Tests.Deployment;

/// <summary>What terraform plans and what the code is are the same, and each way in which they could differ is found.</summary>
public sealed class PlanCheckTests
{
    [Theory]
    [InlineData("development")]
    [InlineData("staging")]
    [InlineData("production")]
    public void All_PlanOfTheEnvironment_FindsNoMistake(string environment)
    {
        var plan = PlannedEnvironment.Read(environment);

        Assert.Equal(environment, plan.Environment.Name);
        Assert.Empty(PlanChecks.All(plan));
    }

    [Theory]
    [InlineData("missing permission", "The custom role is missing in the plan: binauthzKeyRotator with ")]
    [InlineData("permission too many", "A custom role holds cloudkms.cryptoKeys.setIamPolicy")]
    [InlineData("filter differs", "The filter or the destination of the sink binauthz-denials is none of the code's.")]
    [InlineData("sink disabled", "No sink copies to pubsub.googleapis.com/projects/acme-prod/topics/binauthz-denials")]
    [InlineData("unknown topic", "The topic projects/acme-prod/topics/production-verdicts is made, and nothing in the code uses it.")]
    [InlineData("missing topic", "The topic projects/acme-prod/topics/production-resign is not made.")]
    [InlineData("role too broad", "@acme-prod.iam.gserviceaccount.com roles/cloudkms.admin on projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/")]
    [InlineData("role on the project", "The role is too broad there: serviceAccount:production-signer@acme-prod.iam.gserviceaccount.com roles/cloudkms.signer on projects/acme-prod")]
    [InlineData("grant to everybody", "The plan has a grant to a stranger: allUsers roles/artifactregistry.reader")]
    [InlineData("missing grant", "The grant is missing in the plan: serviceAccount:production-signer@acme-prod.iam.gserviceaccount.com roles/artifactregistry.reader on projects/acme-prod/locations/us-central1/repositories/app")]
    [InlineData("not exclusive", "roles/cloudkms.signer on projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/attestor-key, alone.")]
    [InlineData("condition widened", "The grant is in the plan and not in iam.yaml: ")]
    [InlineData("wrong variable", "production-sign-image: ")]
    [InlineData("wrong value", "production-rotate-key: ")]
    [InlineData("variable that nothing reads", "production-sign-image: nothing reads the variable BINAUTHZ_KEY.")]
    [InlineData("other key", "production-sign-image: Key is projects/acme-prod/locations/us-central1/keyRings/production-binauthz/cryptoKeys/audit-key")]
    [InlineData("file not mounted", "production-sign-image: no file is mounted at /etc/binauthz/approval/approval.yaml")]
    [InlineData("function not deployed", "The function RotateKeyFunction is not deployed.")]
    [InlineData("unknown function", "The service production-rotate-key runs 'RotateKeys', which is no function of the code.")]
    [InlineData("topic leads nowhere", "The topic projects/acme-prod/topics/production-audit does not lead to AuditAttestationsFunction.")]
    [InlineData("other invoker", "The subscription production-binauthz-denials-to-alert-on-denial ")]
    [InlineData("dead letters lost", "Nothing keeps what goes to projects/acme-prod/topics/production-dead-letters.")]
    [InlineData("unknown event", "A metric or alert looks for 'PoisonedEvent'")]
    [InlineData("stranger's account", "The service account is in the plan and not in iam.yaml: production-helper.")]
    public void All_OneMistake_IsNamed(string mistake, string expected)
    {
        var plan = new PlannedEnvironment(PlannedEnvironment.Read("production").Json.DeepClone());
        Make(plan, mistake);

        Assert.Contains(PlanChecks.All(plan), told => told.Contains(expected, StringComparison.Ordinal));
    }

    private static void Make(PlannedEnvironment plan, string mistake)
    {
        switch (mistake)
        {
            case "missing permission":
                Permissions(plan).RemoveAt(0);
                break;
            case "permission too many":
                Permissions(plan).Add((JsonNode)"cloudkms.cryptoKeys.setIamPolicy");
                break;
            case "filter differs":
                Find(plan, "google_logging_project_sink", "name", "binauthz-denials")["filter"] = "protoPayload.serviceName=\"binaryauthorization.googleapis.com\" AND protoPayload.response.allow=false";
                break;
            case "sink disabled":
                Find(plan, "google_logging_project_sink", "name", "binauthz-denials")["disabled"] = true;
                break;
            case "unknown topic":
                Find(plan, "google_pubsub_topic", "name", "production-decisions")["name"] = "production-verdicts";
                break;
            case "missing topic":
                Remove(plan, Find(plan, "google_pubsub_topic", "name", "production-resign"));
                break;
            default:
                MakeInGrants(plan, mistake);
                break;
        }
    }

    private static void MakeInGrants(PlannedEnvironment plan, string mistake)
    {
        switch (mistake)
        {
            case "role too broad":
                Find(plan, "google_kms_crypto_key_iam_member", "role", "roles/cloudkms.viewer")["role"] = "roles/cloudkms.admin";
                break;
            case "role on the project":
                Find(plan, "google_project_iam_member", "member", plan.Names.Member("signer"))["role"] = "roles/cloudkms.signer";
                break;
            case "grant to everybody":
                plan.All("google_artifact_registry_repository_iam_member").First()["member"] = "allUsers";
                break;
            case "missing grant":
                Remove(plan, Find(plan, "google_artifact_registry_repository_iam_member", "member", plan.Names.Member("signer")));
                break;
            case "not exclusive":
                Resource(plan, plan.All("google_kms_crypto_key_iam_binding").Single(each => Text(each, "role") == "roles/cloudkms.signer" && Text(each, "crypto_key_id").EndsWith("/attestor-key", StringComparison.Ordinal)))["type"] = "google_kms_crypto_key_iam_member";
                break;
            case "condition widened":
                plan.All("google_storage_bucket_iam_member").First(each => Items(each, "condition").Any())["condition"] = new JsonArray();
                break;
            case "stranger's account":
                plan.All("google_service_account").First()["account_id"] = "production-helper";
                break;
            default:
                MakeInFunctions(plan, mistake);
                break;
        }
    }

    private static void MakeInFunctions(PlannedEnvironment plan, string mistake)
    {
        switch (mistake)
        {
            case "wrong variable":
                Variable(plan, "production-sign-image", "BinAuthz__Key")["name"] = "BinAuthz__SigningKey";
                break;
            case "wrong value":
                Variable(plan, "production-rotate-key", "BinAuthz__Rotation__Lifetime")["value"] = "ninety days";
                break;
            case "variable that nothing reads":
                Variable(plan, "production-sign-image", "BinAuthz__Key")["name"] = "BINAUTHZ_KEY";
                break;
            case "other key":
                Variable(plan, "production-sign-image", "BinAuthz__Key")["value"] = plan.Environment.AuditKey(plan.Project, plan.Location).ToString();
                break;
            case "file not mounted":
                Items(Container(Service(plan, "production-sign-image")), "volume_mounts").Single()["mount_path"] = "/etc/approval";
                break;
            case "function not deployed":
                Remove(plan, Service(plan, "production-rotate-key"));
                break;
            case "unknown function":
                Variable(plan, "production-rotate-key", "FUNCTION_TARGET")["value"] = "RotateKeys";
                break;
            case "topic leads nowhere":
                Remove(plan, plan.All("google_pubsub_subscription").Single(each => Text(each, "topic").EndsWith("/production-audit", StringComparison.Ordinal)));
                break;
            case "other invoker":
                Items(Items(Find(plan, "google_pubsub_subscription", "name", "production-binauthz-denials-to-alert-on-denial"), "push_config").Single(), "oidc_token").Single()["service_account_email"] = plan.Names.Email("signer");
                break;
            case "dead letters lost":
                Remove(plan, Find(plan, "google_pubsub_subscription", "name", "production-dead-letters"));
                break;
            case "unknown event":
                var metric = plan.All("google_logging_metric").First(each => Text(each, "filter").Contains("PoisonEvent", StringComparison.Ordinal));
                metric["filter"] = Text(metric, "filter").Replace("PoisonEvent", "PoisonedEvent", StringComparison.Ordinal);
                break;
            default:
                throw new ArgumentException($"'{mistake}' is no mistake that is known here.", nameof(mistake));
        }
    }

    private static JsonArray Permissions(PlannedEnvironment plan) => (JsonArray)Find(plan, "google_project_iam_custom_role", "role_id", "binauthzKeyRotator")["permissions"]!;

    private static JsonObject Service(PlannedEnvironment plan, string name) => Find(plan, "google_cloud_run_v2_service", "name", name);

    private static JsonObject Variable(PlannedEnvironment plan, string service, string name) => Items(Container(Service(plan, service)), "env").Single(each => Text(each, "name") == name);

    private static JsonObject Find(PlannedEnvironment plan, string type, string field, string value) => plan.All(type).First(each => Text(each, field) == value);

    private static JsonObject Resource(PlannedEnvironment plan, JsonObject values) => plan.Resources.Single(each => each["values"] == values);

    private static void Remove(PlannedEnvironment plan, JsonObject values)
    {
        var resource = Resource(plan, values);
        resource.Parent!.AsArray().Remove(resource);
    }
}
