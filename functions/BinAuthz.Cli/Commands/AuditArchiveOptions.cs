using System.CommandLine;
using BinAuthz.Auditing.Archive;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;
using BinAuthz.Setup;
using Microsoft.Extensions.DependencyInjection;

namespace BinAuthz.Cli.Commands;

/// <summary>Where reports are kept, and by which keys they are trusted: the options of every audit command.</summary>
internal sealed class AuditArchiveOptions
{
    private readonly Option<string?> project = new("--project") { Description = "The attestors' project. Not needed with --data and --public-key.", HelpName = "id" };
    private readonly EnvironmentOption environment = new();
    private readonly Option<string?> bucket = new("--bucket") { Description = "The evidence bucket. Default: PROJECT-binauthz-evidence.", HelpName = "name" };
    private readonly Option<string?> data = new("--data") { Description = "A local folder with the bucket's layout, instead of the bucket.", HelpName = "dir" };
    private readonly Option<string?> key = new("--key") { Description = "The key that signs reports, projects/P/locations/L/keyRings/R/cryptoKeys/K. Default: audit-key of the environment's key ring.", HelpName = "name" };
    private readonly Option<string> location = new("--location") { Description = "The Cloud KMS location of the default key.", DefaultValueFactory = _ => new BinAuthzOptions().Location, HelpName = "location" };
    private readonly Option<string[]> publicKeys = new("--public-key") { Description = "A PEM file that you kept, of a version that signed reports; can be given several times. Default: Cloud KMS is asked, which knows no version that was disabled or destroyed.", DefaultValueFactory = _ => [], HelpName = "file" };
    private readonly EndpointOption endpoint = new();

    /// <summary>Adds the options to a command that reads reports.</summary>
    public void AddTo(Command command)
    {
        foreach (var option in new Option[] { project, environment, bucket, data, key, location, publicKeys, endpoint })
        {
            command.Add(option);
        }
    }

    /// <summary>Adds the options to a command that makes a report of an environment that is its argument.</summary>
    public void AddToWriter(Command command)
    {
        foreach (var option in new Option[] { project, bucket, data, key, location, endpoint })
        {
            command.Add(option);
        }
    }

    /// <summary>The environment that was chosen.</summary>
    public DeploymentEnvironment Environment(ParseResult arguments) => environment.Read(arguments);

    /// <summary>The project.</summary>
    /// <exception cref="CommandException">It is not given.</exception>
    public string Project(ParseResult arguments) =>
        arguments.GetValue(project) ?? throw CommandException.Usage("Whose reports? Give --project, or a local copy with --data and the key that you kept with --public-key.");

    /// <summary>What the library needs to know.</summary>
    public BinAuthzOptions Options(ParseResult arguments) => new()
    {
        Endpoint = arguments.GetValue(endpoint),
        Location = arguments.GetRequiredValue(location),
        EvidenceBucket = arguments.GetValue(bucket),
        Audit = new BinAuthz.Auditing.AuditOptions { Key = arguments.GetValue(key) },
    };

    /// <summary>The evidence bucket.</summary>
    public EvidenceBucket Bucket(ParseResult arguments) => arguments.GetValue(bucket) is { } name ? new EvidenceBucket(name) : EvidenceBucket.Default(Project(arguments));

    /// <summary>The key that signs reports.</summary>
    public KeyName AuditKey(ParseResult arguments, DeploymentEnvironment chosen) =>
        arguments.GetValue(key) is { } named ? KeyName.Parse(named) : chosen.AuditKey(Project(arguments), arguments.GetRequiredValue(location));

    /// <summary>Where reports are kept.</summary>
    public IReportArchive Archive(ParseResult arguments, IServiceProvider services)
    {
        if (arguments.GetValue(data) is not { } folder)
        {
            return new BucketArchive(services.GetRequiredService<StorageClient>(), Bucket(arguments));
        }

        return arguments.GetValue(bucket) is null ? new DirectoryArchive(folder) : throw CommandException.Usage("Reports are in a bucket or in a folder: give --bucket or --data, not both.");
    }

    /// <summary>By which keys reports are trusted.</summary>
    /// <exception cref="CommandException">A file holds no public key.</exception>
    public IAuditKeys Keys(ParseResult arguments, IServiceProvider services)
    {
        var files = arguments.GetValue(publicKeys) ?? [];
        return files.Length > 0 ? new PemAuditKeys(files.Select(Read)) : new KmsAuditKeys(services.GetRequiredService<KeyManagementClient>(), AuditKey(arguments, Environment(arguments)));
    }

    /// <summary>The clients.</summary>
    public ServiceProvider Connect(ParseResult arguments) => GoogleServices.Connect(arguments.GetValue(endpoint));

    private static string Read(string file)
    {
        var pem = File.ReadAllText(file);
        try
        {
            _ = new PemAuditKeys([pem]);
            return pem;
        }
        catch (FormatException error)
        {
            throw CommandException.Usage($"{file} is no public key that signs reports: {error.Message}", error);
        }
    }
}
