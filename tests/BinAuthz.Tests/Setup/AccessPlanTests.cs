using BinAuthz.GoogleCloud;
using BinAuthz.Setup;

namespace BinAuthz.Tests.Setup;

public sealed class AccessPlanTests
{
    private const string Small = """
        identities:
          signer: signs
          auditor: audits
        roles:
          ownRole:
            title: Reads
            why: the predefined one also writes
            permissions: [storage.objects.get]
        grants:
          - { identity: signer, role: roles/pubsub.publisher, on: "topic:decisions", permissions: [pubsub.topics.publish] }
          - { identity: auditor, role: roles/pubsub.publisher, on: "topic:decisions", exclusive: true, permissions: [pubsub.topics.publish] }
          - { identity: auditor, role: ownRole, on: bucket, below: [audits/, keys/], permissions: [storage.objects.get] }
        """;

    private static readonly AccessNames Names = new("acme-prod", DeploymentEnvironment.Production);

    [Fact]
    public void Load_TheFileOfTheProject_IsRead()
    {
        var plan = AccessPlan.Load();

        Assert.Equal(["signer", "alerter", "rotator", "auditor", "invoker"], plan.Identities.Select(identity => identity.Name));
        Assert.All(plan.Roles, role => Assert.Contains(plan.Grants, grant => grant.Role == role.Id));
        Assert.All(plan.Roles, role => Assert.Equal(role.Permissions.Order(), plan.Grants.Where(grant => grant.Role == role.Id).SelectMany(grant => grant.Permissions).Distinct().Order()));
    }

    [Fact]
    public void Bindings_SameRoleOfTwo_AreOneWithBothMembers()
    {
        var binding = Assert.Single(AccessPlan.Parse(Small).Bindings(Names), each => each.Resource.Kind == IamResourceKind.Topic);

        Assert.Equal("projects/acme-prod/topics/production-decisions", binding.Resource.Name);
        Assert.Equal("roles/pubsub.publisher", binding.Binding.Role);
        Assert.Equal(["serviceAccount:production-signer@acme-prod.iam.gserviceaccount.com", "serviceAccount:production-auditor@acme-prod.iam.gserviceaccount.com"], binding.Binding.Members);
        Assert.True(binding.Exclusive);
    }

    [Fact]
    public void Bindings_BelowFolders_HaveACondition()
    {
        var binding = Assert.Single(AccessPlan.Parse(Small).Bindings(Names), each => each.Resource.Kind == IamResourceKind.Bucket);

        Assert.Equal("gs://acme-prod-binauthz-evidence", binding.Resource.Name);
        Assert.Equal("projects/acme-prod/roles/ownRole", binding.Binding.Role);
        Assert.Equal(
            "resource.name.startsWith(\"projects/_/buckets/acme-prod-binauthz-evidence/objects/audits/\") || resource.name.startsWith(\"projects/_/buckets/acme-prod-binauthz-evidence/objects/keys/\")",
            binding.Binding.Condition);
    }

    [Fact]
    public void Bindings_EachRepositoryAndSecret_HasItsOwn()
    {
        const string Each = """
            identities: { alerter: tells }
            grants:
              - { identity: alerter, role: roles/artifactregistry.reader, on: repository, permissions: [artifactregistry.dockerimages.get] }
              - { identity: alerter, role: roles/secretmanager.secretAccessor, on: "secret:alerts", permissions: [secretmanager.versions.access] }
              - { identity: alerter, role: roles/secretmanager.secretAccessor, on: "secret:channels", permissions: [secretmanager.versions.access] }
            """;

        var names = Names with { Repositories = ["projects/acme-prod/locations/us/repositories/a", "projects/acme-prod/locations/us/repositories/b"], ChannelSecrets = ["projects/acme-prod/secrets/slack"] };

        Assert.Equal(
            [
                "projects/acme-prod/locations/us/repositories/a", "projects/acme-prod/locations/us/repositories/b",
                "projects/acme-prod/secrets/production-alerts", "projects/acme-prod/secrets/slack",
            ],
            AccessPlan.Parse(Each).Bindings(names).Select(binding => binding.Resource.Name));
    }

    [Theory]
    [InlineData("identity: signer", "identity: singer", "iam.yaml:10:17: 'singer' cannot be the identity of a grant. Name one of the identities above.")]
    [InlineData("role: ownRole", "role: otherRole", "iam.yaml:12:32: 'otherRole' cannot be the role of a grant. Write roles/PRODUCT.NAME or the id of one of the roles above.")]
    [InlineData("on: bucket", "on: buckets", "iam.yaml:12:45: 'buckets' cannot be the on of a grant. Write one of project, key, audit-key, note, attestor, bucket, repository, topic:NAME, secret:NAME, service:NAME.")]
    [InlineData("on: bucket", "on: key", "iam.yaml:12:57: Only grants on a bucket have the key 'below', and this one is on key. Remove it.")]
    [InlineData("audits/, ", "audits, ", "iam.yaml:12:61: 'audits' is no folder of the bucket. Write letters, digits, dashes and slashes, and a slash at the end, such as audits/.")]
    [InlineData("permissions: [storage.objects.get] }", "permissions: [storage.objects.list] }", "iam.yaml:12:91: The role ownRole does not hold storage.objects.list. Add it to the role, or take it away here.")]
    [InlineData("exclusive: true", "exclusive: yes", "iam.yaml:11:90: The key 'exclusive' must be true or false. Write true or false.")]
    [InlineData("why: the", "whi: the", "iam.yaml:7:5: The role ownRole has no key 'whi'. Use title, why, permissions, or remove it.")]
    [InlineData("[storage.objects.get]\ngrants", "[objects.get]\ngrants", "iam.yaml:8:19: 'objects.get' is no permission. Write SERVICE.RESOURCE.VERB, such as pubsub.topics.publish.")]
    public void Parse_Mistake_IsNamedWithItsPlace(string right, string wrong, string error)
    {
        var problems = Assert.Throws<ConfigurationException>(() => AccessPlan.Parse(Small.Replace(right, wrong, StringComparison.Ordinal))).Problems;

        Assert.Contains(error, problems);
    }

    [Theory]
    [InlineData("")]
    [InlineData("identities: [")]
    [InlineData("- a")]
    public void Parse_NoPlan_IsRefused(string yaml) =>
        Assert.StartsWith("iam.yaml:", Assert.Throws<ConfigurationException>(() => AccessPlan.Parse(yaml)).Problems[0], StringComparison.Ordinal);
}
