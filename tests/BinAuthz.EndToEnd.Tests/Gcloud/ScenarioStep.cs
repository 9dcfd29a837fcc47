using YamlDotNet.Serialization;

namespace BinAuthz.EndToEnd.Tests.Gcloud;

/// <summary>One step of a scenario: a gcloud command, a plain REST call, an image pushed, or a fault of the emulator asked for.</summary>
internal sealed class ScenarioStep
{
    /// <summary>The recorded command that this one repeats.</summary>
    public string? Id { get; init; }

    /// <summary>Other recorded commands that are the same one.</summary>
    public List<string> Also { get; init; } = [];

    /// <summary>What follows <c>gcloud</c>.</summary>
    public string? Gcloud { get; init; }

    /// <summary><c>METHOD SERVICE PATH</c>, for what no gcloud command does.</summary>
    public string? Rest { get; init; }

    /// <summary>The JSON body of the REST call.</summary>
    public string? Body { get; init; }

    /// <summary><c>IMAGE:TAG</c> in the repository <c>app</c>.</summary>
    public string? Push { get; init; }

    /// <summary><c>METHOD CODE TIMES</c>.</summary>
    public string? Fault { get; init; }

    /// <summary><c>wrong</c> or <c>right</c>: the checksums that Cloud KMS answers with from here on.</summary>
    public string? Checksums { get; init; }

    /// <summary>Variables that differ for this command; an empty value takes one away.</summary>
    public Dictionary<string, string> Env { get; init; } = [];

    public string Input { get; init; } = "";

    /// <summary>The exit code of gcloud.</summary>
    public int Exit { get; init; }

    /// <summary>What standard output has to hold.</summary>
    public List<string> Out { get; init; } = [];

    /// <summary>What standard error has to hold.</summary>
    public List<string> Err { get; init; } = [];

    /// <summary>What neither may hold.</summary>
    public List<string> Not { get; init; } = [];

    /// <summary>Values in the JSON on standard output, by path; null is a value that is not there.</summary>
    public Dictionary<string, string?> Json { get; init; } = [];

    /// <summary>The file that takes standard output.</summary>
    public string? Save { get; init; }

    /// <summary>Texts that files in the working folder have to hold.</summary>
    public Dictionary<string, string> Written { get; init; } = [];

    /// <summary>Pairs of files that have to be equal.</summary>
    public Dictionary<string, string> Same { get; init; } = [];

    /// <summary>Variables taken from what was printed: the first group of a regular expression, by name.</summary>
    public Dictionary<string, string> Capture { get; init; } = [];

    /// <summary>Whom the emulator has to have seen.</summary>
    public string? Principal { get; init; }

    [YamlIgnore]
    public IEnumerable<string> Ids => Id is null ? Also : Also.Prepend(Id);

    public override string ToString() => this switch
    {
        { Gcloud: not null } => $"gcloud {Gcloud}",
        { Rest: not null } => Rest,
        { Push: not null } => $"push {Push}",
        { Fault: not null } => $"fault {Fault}",
        _ => $"checksums {Checksums}",
    };
}
