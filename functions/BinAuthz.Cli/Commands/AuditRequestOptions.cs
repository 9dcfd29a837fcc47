using System.CommandLine;
using BinAuthz.Auditing;
using BinAuthz.Cli.Approval;
using BinAuthz.Setup;
using BinAuthz.Signing;

namespace BinAuthz.Cli.Commands;

/// <summary>What is audited: the options of the commands that make a report.</summary>
internal sealed class AuditRequestOptions
{
    private readonly Option<string?> approval = new("--approval") { Description = "The approval policy (YAML), whose attestors, keys and deadlines count instead of the environment's own attestor.", HelpName = "file" };

    /// <summary>Where reports are kept.</summary>
    public AuditArchiveOptions Archive { get; } = new();

    /// <summary>Adds the options to a command.</summary>
    public void AddTo(Command command)
    {
        command.Add(approval);
        Archive.AddToWriter(command);
    }

    /// <summary>The audit of an environment as of now, to the second.</summary>
    /// <exception cref="ConfigurationException">The approval policy cannot be used.</exception>
    public AuditRequest Read(ParseResult arguments, DeploymentEnvironment chosen, TimeProvider time)
    {
        var options = Archive.Options(arguments);
        var now = time.GetUtcNow();
        var second = new DateTimeOffset(now.UtcTicks - (now.UtcTicks % TimeSpan.TicksPerSecond), TimeSpan.Zero);
        if (arguments.GetValue(approval) is { } file)
        {
            return new AuditRequests(EnvironmentApproval.Read(file, chosen), options).At(second);
        }

        var names = chosen.Attestor(Archive.Project(arguments), options.Location);
        return new AuditRequest(Archive.Project(arguments), chosen, [new SigningIdentity(chosen.Name, names.Attestor, names.Key)], second)
        {
            Options = options.Audit,
            Bucket = Archive.Bucket(arguments).Name,
            AuditKey = Archive.AuditKey(arguments, chosen),
        };
    }
}
