using BinAuthz.Cli;
using BinAuthz.Cli.Oci;

namespace BinAuthz.Tests.Cli.Oci;

public class ImageTargetTests
{
    [Theory]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server:1.0", "us-central1-docker.pkg.dev", "acme-prod/app/server", "1.0")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/team/server", "us-central1-docker.pkg.dev", "acme-prod/app/team/server", "latest")]
    [InlineData("eu.gcr.io/acme-prod/server:v1_2", "eu.gcr.io", "acme-prod/server", "v1_2")]
    public void Parse_Image_HasRegistryRepositoryAndTag(string text, string registry, string repository, string tag) =>
        Assert.Equal(new ImageTarget(registry, repository, tag), ImageTarget.Parse(text));

    [Theory]
    [InlineData("")]
    [InlineData("server:1.0")]
    [InlineData("docker.io/library/nginx")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/Server")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server:")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server:1.0\n")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/../server")]
    [InlineData("us-central1-docker.pkg.dev/acme-prod/app/server@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc")]
    public void Parse_NoImageToPushTo_IsAUsageError(string text)
    {
        var error = Assert.Throws<CommandException>(() => ImageTarget.Parse(text));

        Assert.Equal(ExitCode.Usage, error.Code);
        Assert.Contains($"'{text}'", error.Message, StringComparison.Ordinal);
    }
}
