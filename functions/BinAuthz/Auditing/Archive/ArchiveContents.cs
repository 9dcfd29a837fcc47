namespace BinAuthz.Auditing.Archive;

/// <summary>The files of an environment, sorted by what they are.</summary>
/// <param name="Reports">The folders of reports in the order of time, each with the names of its files.</param>
/// <param name="Marks">The marks of places in the chain, with their full names.</param>
/// <param name="Unknown">The full names of files that do not belong there.</param>
internal sealed record ArchiveContents(IReadOnlyList<(ReportName Name, IReadOnlyList<string> Files)> Reports, IReadOnlyList<(long Sequence, string Mark)> Marks, IReadOnlyList<string> Unknown)
{
    /// <summary>Sorts the names that begin with the environment's prefix.</summary>
    public static ArchiveContents Of(string environment, IEnumerable<string> names)
    {
        var (folders, marks, unknown) = (new SortedDictionary<string, List<string>>(StringComparer.Ordinal), new List<(long, string)>(), new List<string>());
        foreach (var name in names)
        {
            var parts = name[ReportName.Prefix(environment).Length..].Split('/');
            if (parts.Length == 2 && ReportName.TryParse(environment, parts[0], out _))
            {
                folders.TryAdd(parts[0], []);
                folders[parts[0]].Add(parts[1]);
            }
            else if (ChainMark.Sequence(environment, name) is { } sequence and > 0)
            {
                marks.Add((sequence, name));
            }
            else if (parts.Length > 2 && parts[1] + '/' == ReportName.PartsFolder && ReportName.TryParse(environment, parts[0], out _))
            {
                // What a large audit wrote on its way.
            }
            else if (!(parts.Length == 2 && name.StartsWith(ReportSigner.KeyPrefix(environment), StringComparison.Ordinal) && parts[1].EndsWith(".pem", StringComparison.Ordinal)))
            {
                unknown.Add(name);
            }
        }

        return new ArchiveContents([.. folders.Select(folder => (Name(environment, folder.Key), (IReadOnlyList<string>)folder.Value))], marks, unknown);
    }

    private static ReportName Name(string environment, string id) => ReportName.TryParse(environment, id, out var name) ? name : throw new FormatException($"'{id}' is no report.");
}
