using System.CommandLine;
using BinAuthz.Keys;
using BinAuthz.Rotation;
using BinAuthz.Signing;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Whose key is rotated, and by which windows: the options of every rotate command.</summary>
internal sealed class RotationOptionSet
{
    private static readonly BinAuthzOptions Standard = new();

    private readonly Option<string> project = new("--project") { Description = "The attestor's project.", HelpName = "id", Required = true };
    private readonly EnvironmentOption environment = new();
    private readonly Option<string?> attestor = new("--attestor") { Description = "The id of a further attestor, as `binauthz setup --attestor` made it. Default: the environment's own.", HelpName = "id" };
    private readonly Option<string?> key = new("--key") { Description = "The signing key, projects/P/locations/L/keyRings/R/cryptoKeys/K. Default: as `binauthz setup` names it.", HelpName = "name" };
    private readonly Option<string> location = new("--location") { Description = "The Cloud KMS location of the default key.", DefaultValueFactory = _ => Standard.Location, HelpName = "location" };
    private readonly Option<string?> bucket = new("--bucket") { Description = "The evidence bucket. Default: PROJECT-binauthz-evidence.", HelpName = "name" };
    private readonly DurationOption lifetime = new("--lifetime", "A version this old gets a successor; default 90d.", Standard.Rotation.Lifetime);
    private readonly DurationOption overlap = new("--overlap", "How long both keys are trusted at least; default 7d.", Standard.Rotation.Overlap);
    private readonly DurationOption propagation = new("--propagation", "How long a change of the attestor may go unnoticed; default 5m.", Standard.PropagationWindow, allowsZero: true);
    private readonly DurationOption disabled = new("--disabled-before-destroy", "How long a version stays disabled before its destruction is scheduled; default 30d.", Standard.Rotation.DisabledBeforeDestroy, allowsZero: true);
    private readonly Option<string?> algorithm = new("--algorithm") { Description = "The algorithm of new versions; another than the current one's makes a rotation due. Default: the key's template.", HelpName = "name" };
    private readonly DurationOption ageLimit = new("--image-age-limit", "Older images are signed anew only if they run; default: no limit.", TimeSpan.Zero);
    private readonly Option<int> pace = new("--images-per-minute") { Description = "How many images are signed anew in a minute at most.", DefaultValueFactory = _ => Standard.Rotation.ImagesPerMinute, HelpName = "count" };
    private readonly EndpointOption endpoint = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { project, environment, attestor, key, location, bucket, lifetime, overlap, propagation, disabled, algorithm, ageLimit, pace, endpoint })
        {
            command.Add(option);
        }
    }

    /// <summary>Whose key is rotated.</summary>
    /// <exception cref="ConfigurationException">The further attestor is another environment's.</exception>
    public SigningIdentity Subject(ParseResult arguments)
    {
        var (owner, chosen, where) = (arguments.GetRequiredValue(project), environment.Read(arguments), arguments.GetRequiredValue(location));
        var names = arguments.GetValue(attestor) is { } id ? chosen.FurtherAttestor(owner, where, id) : chosen.Attestor(owner, where);
        return new SigningIdentity(chosen.Name, names.Attestor, arguments.GetValue(key) is { } named ? KeyName.Parse(named) : names.Key);
    }

    /// <summary>The library's services with these options.</summary>
    /// <exception cref="ConfigurationException">The windows do not fit together.</exception>
    public ServiceProvider Connect(ParseResult arguments)
    {
        var limit = arguments.GetValue(ageLimit);
        var options = new BinAuthzOptions
        {
            Endpoint = arguments.GetValue(endpoint),
            Location = arguments.GetRequiredValue(location),
            EvidenceBucket = arguments.GetValue(bucket),
            PropagationWindow = arguments.GetValue(propagation),
            Rotation = new RotationOptions
            {
                Lifetime = arguments.GetValue(lifetime),
                Overlap = arguments.GetValue(overlap),
                DisabledBeforeDestroy = arguments.GetValue(disabled),
                Algorithm = arguments.GetValue(algorithm),
                ImageAgeLimit = limit > TimeSpan.Zero ? limit : null,
                ImagesPerMinute = arguments.GetValue(pace),
            },
        };
        return new ServiceCollection().AddRotation(options, arguments.GetRequiredValue(project)).BuildServiceProvider();
    }
}
