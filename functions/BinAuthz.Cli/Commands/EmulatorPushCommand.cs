using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Emulation;
using BinAuthz.Cli.Oci;
using BinAuthz.Cli.Output;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Pushes an image from disk into the emulated Artifact Registry.</summary>
internal sealed class EmulatorPushCommand : CliCommand
{
    private readonly Argument<string> source = new("source") { Description = "An OCI layout (a directory, or a .tar of one), or what `docker save` wrote." };
    private readonly Argument<string> image = new("image") { Description = "LOCATION-docker.pkg.dev/PROJECT/REPOSITORY/IMAGE[:TAG]; without a tag: latest." };
    private readonly EndpointOption endpoint = new();
    private readonly Option<bool> built = new("--built-by-cloud-build") { Description = "First lets the emulated Cloud Build record, signed, what the image was built from." };
    private readonly Option<string> sourceUri = new("--source-uri") { Description = "The repository that it was built from.", DefaultValueFactory = _ => "https://github.com/acme/web", HelpName = "url" };
    private readonly Option<string> sourceRef = new("--ref") { Description = "The branch or tag that it was built from.", DefaultValueFactory = _ => "refs/heads/main", HelpName = "ref" };
    private readonly Option<string> commit = new("--commit") { Description = "The commit that it was built from.", DefaultValueFactory = _ => "84a516841ba77a5b4648de2cd0dfcb30ea46dbb4", HelpName = "hash" };

    public EmulatorPushCommand()
        : base(
            "push",
            "Pushes an image from disk into the emulator's registry, which tells the signing function.",
            "binauthz emulator push ./layout us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --endpoint http://127.0.0.1:8080",
            "docker save server:1.0 -o server.tar && binauthz emulator push server.tar us-central1-docker.pkg.dev/acme-prod/app/server:1.0",
            "binauthz emulator push ./layout us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --built-by-cloud-build --source-uri https://github.com/acme/web")
    {
        Add(source);
        Add(image);
        Add(endpoint);
        Add(built);
        Add(sourceUri);
        Add(sourceRef);
        Add(commit);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var target = ImageTarget.Parse(arguments.GetRequiredValue(image));
        using var http = new HttpClient { BaseAddress = endpoint.Demand(arguments) };
        using var archive = await ImageArchive.OpenAsync(arguments.GetRequiredValue(source), target.Tag, cancellationToken).ConfigureAwait(false);
        var pushed = $"{target.Name}@{archive.Root.Digest}";
        if (arguments.GetValue(built))
        {
            // Before the push: the evidence is there when the event comes.
            var from = new BuildSource(arguments.GetRequiredValue(sourceUri), arguments.GetRequiredValue(sourceRef), arguments.GetRequiredValue(commit));
            await CloudBuild.RecordAsync(http, pushed, from, cancellationToken).ConfigureAwait(false);
            output.Progress($"Cloud Build recorded that {pushed} was built from {from.Uri} {from.Ref} {from.Commit}");
        }

        await new RegistryPush(http, archive, target).PushAsync(output.Progress, cancellationToken).ConfigureAwait(false);
        output.Result(
            new JsonObject { ["image"] = target.Name, ["tag"] = target.Tag, ["digest"] = archive.Root.Digest, ["mediaType"] = archive.Root.MediaType },
            people => people.WriteLine(pushed));
        return ExitCode.Ok;
    }
}
