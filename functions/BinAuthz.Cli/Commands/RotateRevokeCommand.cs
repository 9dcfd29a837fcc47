using System.CommandLine;
using BinAuthz.Cli.Output;
using BinAuthz.Cli.Rotation;
using BinAuthz.Rotation;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Takes a compromised version's trust away, after showing what that blocks.</summary>
internal sealed class RotateRevokeCommand : CliCommand
{
    private readonly Argument<string> version = new("version") { Description = "The number of the version, or its full name." };
    private readonly Option<string> since = new("--since") { Description = "Since when others may have been able to sign: an RFC 3339 time, or a date. What was attested before is asked approval for anew; what was attested later stays blocked.", HelpName = "time", Required = true };
    private readonly Option<string> reason = new("--reason") { Description = "Why, in a sentence; it is kept for auditors.", HelpName = "text", Required = true };
    private readonly Option<bool> yes = new("--yes") { Description = "Does it without asking." };
    private readonly RotationOptionSet options = new();

    public RotateRevokeCommand()
        : base(
            "revoke",
            "Takes a compromised key version's trust away at once: the attestor forgets it, it is disabled, a successor is made and trusted, and images that it attested before the compromise are asked approval for anew. Shows what that blocks, and asks first. Exit code 1: it was not confirmed, or somebody has to mend something.",
            "binauthz rotate revoke 3 --project acme-prod --since 2026-10-01T08:00:00Z --reason \"a build machine was broken into\"",
            "binauthz rotate revoke 3 --project acme-prod --since 2026-10-01 --reason \"a build machine was broken into\" --yes")
    {
        Add(version);
        Add(since);
        Add(reason);
        Add(yes);
        options.AddTo(this);
    }

    protected override async Task<int> RunAsync(ParseResult arguments, CommandOutput output, CancellationToken cancellationToken)
    {
        var services = options.Connect(arguments);
        await using (services.ConfigureAwait(false))
        {
            var (subject, time) = (options.Subject(arguments), services.GetRequiredService<TimeProvider>());
            var request = RevocationRequest.Parse(
                subject.Key, arguments.GetRequiredValue(version), arguments.GetRequiredValue(since), arguments.GetRequiredValue(reason), $"{Environment.UserName} with binauthz rotate revoke", time.GetUtcNow());
            var plan = await services.GetRequiredService<RevocationPlanner>().PlanAsync(subject, request, cancellationToken).ConfigureAwait(false);
            RevocationOutput.Write(output.People, plan);
            if (!arguments.GetValue(yes) && !output.Ask($"Revoke {request.Version.Version} now?"))
            {
                output.Result(RevocationOutput.ToJson(plan, "shown"), _ => { });
                output.Progress("Nothing was done. If this is meant, give --yes.");
                return ExitCode.Refused;
            }

            var rotator = services.GetRequiredService<KeyRotator>();
            var done = await rotator.RevokeAsync(subject, request, cancellationToken).ConfigureAwait(false);
            var status = RotationStatus.From(time.GetUtcNow(), done, services.GetRequiredService<RotationWindows>());
            output.Result(RevocationOutput.ToJson(plan, done, status), people => RevocationOutput.Write(people, done, status));
            return status.IsBlocked ? ExitCode.Refused : ExitCode.Ok;
        }
    }
}
