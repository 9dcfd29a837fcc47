using System.CommandLine;
using System.Text.Json.Nodes;
using BinAuthz.Cli.Approval;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Waiting;
using BinAuthz.Decisions;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;
using Spectre.Console;

namespace BinAuthz.Cli.Commands;

/// <summary>Waits until the function has attested an image, so that a pipeline deploys what the gate will admit.</summary>
internal sealed class WaitCommand : CliCommand
{
    // The last look begins when the time is over.
    private static readonly TimeSpan TimeToAnswer = TimeSpan.FromMinutes(1);

    private static readonly TimeSpan LongestTimeout = TimeSpan.FromHours(24);

    // The signer weighs a push before anyone can wait for it. An older rejection may be by a policy that was mended since.
    private static readonly TimeSpan RecentRejection = TimeSpan.FromMinutes(10);

    private readonly ImageArgument image = new();
    private readonly AttestorOptions attestors = new(several: true);
    private readonly DurationOption timeout = new("--timeout", "How long to wait at most; 0 looks once.", TimeSpan.FromMinutes(10), allowsZero: true);
    private readonly Option<string?> bucket = new("--bucket") { Description = "The evidence bucket, where refusals are kept. Default: PROJECT-binauthz-evidence, with the attestor's project.", HelpName = "name" };
    private readonly Option<bool> weigh = new("--weigh") { Description = "First asks the signer, over the topic ENVIRONMENT-resign, to weigh the image as if it had just been pushed." };
    private readonly EndpointOption endpoint = new();

    public WaitCommand()
        : base(
            "wait",
            "Waits until an image, with every platform of an index, has an attestation that verifies with the attestor's keys, and says what keeps it. Exit code 1: the policy said no, or the time is over; 4: the time is over, and what is stored does not verify.",
            "binauthz wait us-central1-docker.pkg.dev/acme-prod/app/server:1.0 --timeout 10m",
            "binauthz wait us-central1-docker.pkg.dev/acme-prod/app/server@sha256:708a5f9d8de66561de5129583928203b05587db98b695fa982ec4a5b8a3e94bc --attestor projects/acme-prod/attestors/production-attestor --format json")
    {
        timeout.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<TimeSpan>() > LongestTimeout)
            {
                result.AddError("--timeout must be at most 24h: no pipeline waits longer.");
            }
        });
        Add(image);
        attestors.AddTo(this);
        foreach (var option in new Option[] { timeout, bucket, weigh, endpoint })
        {
            Add(option);
        }
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = GoogleServices.Connect(arguments.GetValue(endpoint));
        await using (services.ConfigureAwait(false))
        {
            var time = services.GetRequiredService<TimeProvider>();
            var limit = arguments.GetValue(timeout);
            using var end = new CancellationTokenSource(limit + TimeToAnswer, time);
            using var either = CancellationTokenSource.CreateLinkedTokenSource(end.Token, cancellationToken);
            var wanted = await image.ResolveAsync(arguments, services.GetRequiredService<ArtifactRegistryClient>(), output, either.Token).ConfigureAwait(false);
            var look = Look(arguments, services, wanted);
            var isAsked = arguments.GetValue(weigh);
            if (isAsked)
            {
                await AskAsync(arguments, services, wanted, either.Token).ConfigureAwait(false);
            }

            var wait = new AttestationWait(look, output.Progress, time);
            var result = await wait.RunAsync(limit, isAsked ? TimeSpan.Zero : RecentRejection, either.Token).ConfigureAwait(false);
            output.Result(Document(wanted, result), people => Write(people, wanted, result));
            return CodeOf(result.Verdict);
        }
    }

    private static int CodeOf(WaitVerdict verdict) => verdict switch
    {
        WaitVerdict.Attested => ExitCode.Ok,
        WaitVerdict.Invalid => ExitCode.InvalidSignature,
        _ => ExitCode.Refused,
    };

    private async Task AskAsync(ParseResult arguments, ServiceProvider services, ImageReference wanted, CancellationToken cancellationToken)
    {
        var chosen = await attestors.FindAllAsync(arguments, wanted, services.GetRequiredService<BinaryAuthorizationClient>(), cancellationToken).ConfigureAwait(false);
        var (publisher, environment, data) = (services.GetRequiredService<PublisherClient>(), attestors.ReadEnvironment(arguments).Name, new WeighRequest([wanted]).ToJson());
        foreach (var project in chosen.Select(attestor => attestor.Name.Project).Distinct())
        {
            await publisher.PublishAsync(EventTopics.Resign(project, environment), data, new Dictionary<string, string>(), cancellationToken).ConfigureAwait(false);
        }
    }

    private Func<CancellationToken, Task<IReadOnlyList<AttestorLook>>> Look(ParseResult arguments, ServiceProvider services, ImageReference wanted)
    {
        if (!RepositoryPath.TryParse(wanted.Name, out var repository))
        {
            throw CommandException.Usage($"{wanted} cannot be waited for. {ImageEvidence.WhyNoRepository}");
        }

        var looker = new AttestorLooker(services.GetRequiredService<ContainerAnalysisClient>(), services.GetRequiredService<RefusalRecords>(), arguments.GetValue(bucket));
        RegistryImage? registered = null;
        return async cancellationToken =>
        {
            registered ??= await FindAsync(services.GetRequiredService<ArtifactRegistryClient>(), repository, wanted, cancellationToken).ConfigureAwait(false);
            // The attestor is read anew each time: which keys count may change while one waits.
            var current = await attestors.FindAllAsync(arguments, wanted, services.GetRequiredService<BinaryAuthorizationClient>(), cancellationToken).ConfigureAwait(false);
            return await Task.WhenAll(current.Select(attestor => looker.LookAsync(attestor, wanted, registered, cancellationToken))).ConfigureAwait(false);
        };
    }

    private static async Task<RegistryImage> FindAsync(ArtifactRegistryClient registry, RepositoryPath repository, ImageReference wanted, CancellationToken cancellationToken) =>
        await registry.FindAsync(repository, wanted.Digest, cancellationToken).ConfigureAwait(false) is { } registered && registered.IsContainerImage
            ? registered
            : throw CommandException.Usage($"{wanted} is no container image that its registry has, so nobody will attest it. Push it first, and take the digest that the push printed.");

    private static JsonObject Document(ImageReference image, WaitResult result) => new()
    {
        ["image"] = image.ToString(),
        ["digest"] = image.Digest.ToString(),
        ["verdict"] = Word(result.Verdict),
        ["waitedSeconds"] = Math.Round(result.Waited.TotalSeconds, 3),
        ["attestors"] = new JsonArray([.. result.Looks.Select(look => look.ToJson())]),
    };

    private static void Write(IAnsiConsole people, ImageReference image, WaitResult result)
    {
        people.WriteLine($"{Word(result.Verdict)}: {image}", new Style(result.Verdict == WaitVerdict.Attested ? Color.Green : Color.Red));
        foreach (var look in result.Looks)
        {
            people.WriteLine($"  {look.Describe()}");
            if (look.Refusal is { } refusal)
            {
                RefusalOutput.Write(people, refusal);
            }
        }
    }

    private static string Word(WaitVerdict verdict) => verdict switch
    {
        WaitVerdict.Attested => "attested",
        WaitVerdict.Rejected => "rejected",
        WaitVerdict.Invalid => "invalid",
        _ => "timed-out",
    };
}
