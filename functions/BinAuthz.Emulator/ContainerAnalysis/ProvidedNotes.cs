using Grafeas.V1;

namespace BinAuthz.Emulator.ContainerAnalysis;

/// <summary>The notes that Google provides to every project, on which scanners hang their results: the scan itself, and every vulnerability of the CVE catalogue.</summary>
internal static class ProvidedNotes
{
    private const string Scan = "projects/goog-analysis/notes/PACKAGE_VULNERABILITY";
    private const string Vulnerability = "projects/goog-vulnz/notes/CVE-";

    public static Note? Find(string name)
    {
        if (name == Scan)
        {
            return new Note { Name = name, Kind = NoteKind.Discovery, ShortDescription = "Vulnerability scan", Discovery = new DiscoveryNote { AnalysisKind = NoteKind.Vulnerability } };
        }

        return name.StartsWith(Vulnerability, StringComparison.Ordinal)
            ? new Note { Name = name, Kind = NoteKind.Vulnerability, ShortDescription = GrafeasName.Id(name), Vulnerability = new VulnerabilityNote() }
            : null;
    }
}
