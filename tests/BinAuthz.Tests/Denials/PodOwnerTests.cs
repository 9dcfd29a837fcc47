using System.Text.Json;
using BinAuthz.Denials;

namespace BinAuthz.Tests.Denials;

public sealed class PodOwnerTests
{
    [Theory]
    [InlineData("""{"ownerReferences":[{"controller":true,"kind":"ReplicaSet","name":"web-7d9f8c6b5"}],"labels":{"pod-template-hash":"7d9f8c6b5"}}""", "Deployment/web")]
    [InlineData("""{"ownerReferences":[{"controller":true,"kind":"ReplicaSet","name":"web-7d9f8c6b5"}]}""", "ReplicaSet/web-7d9f8c6b5")]
    [InlineData("""{"ownerReferences":[{"controller":true,"kind":"ReplicaSet","name":"web-7d9f8c6b5"}],"labels":{"pod-template-hash":"other"}}""", "ReplicaSet/web-7d9f8c6b5")]
    [InlineData("""{"ownerReferences":[{"controller":true,"kind":"ReplicaSet","name":"-7d9"}],"labels":{"pod-template-hash":"7d9"}}""", "ReplicaSet/-7d9")]
    [InlineData("""{"ownerReferences":[{"controller":true,"kind":"StatefulSet","name":"db"}],"labels":{"pod-template-hash":"x"}}""", "StatefulSet/db")]
    [InlineData("""{"ownerReferences":[{"kind":"Thing","name":"x"},{"controller":true,"kind":"Job","name":"backup-29312345"}]}""", "Job/backup-29312345")]
    [InlineData("""{"ownerReferences":[{"kind":"Thing","name":"x"}],"name":"debug"}""", "Pod/debug")]
    [InlineData("""{"ownerReferences":"none","generateName":"web-"}""", "Pod/web-")]
    [InlineData("""{"name":"","generateName":"web-"}""", "Pod/web-")]
    [InlineData("{}", "")]
    [InlineData("null", "")]
    public void Of_Metadata_IsTheOwner(string metadata, string expected)
    {
        using var document = JsonDocument.Parse(metadata);

        Assert.Equal(expected, PodOwner.Of(document.RootElement, ""));
    }

    [Fact]
    public void Of_NameInTheResourceOnly_IsThePod() => Assert.Equal("Pod/web", PodOwner.Of(default, "web"));

    [Theory]
    [InlineData("web-7d9f8c6b5-x7bqz", "Pod/web-7d9f8c6b5-")]
    [InlineData("web-7d9f8c6b5-abcde", "Pod/web-7d9f8c6b5-abcde")]
    [InlineData("db-0", "Pod/db-0")]
    [InlineData("x7bqz", "Pod/x7bqz")]
    [InlineData("-x7bqz", "Pod/-x7bqz")]
    [InlineData("", "")]
    public void OfPodNamed_Name_LosesARandomEnding(string name, string expected) => Assert.Equal(expected, PodOwner.OfPodNamed(name));
}
