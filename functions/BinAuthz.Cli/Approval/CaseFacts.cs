using System.Text;
using BinAuthz.Approval;
using BinAuthz.Approval.Content;
using BinAuthz.Approval.Promotion;
using BinAuthz.Approval.Provenance;
using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Images;
using BinAuthz.Keys;
using Ca = Grafeas.V1;

namespace BinAuthz.Cli.Approval;

/// <summary>A case's files as the facts that rules weigh: the one place where evidence from files is connected. What no rule could have read from Google is an error, never passed over.</summary>
internal sealed class CaseFacts
{
    private readonly ImageReference image;
    private readonly List<ProvenanceEnvelope> provenance = [];
    private readonly List<Attestation> attestations = [];
    private readonly List<Ca.Occurrence> scans = [];
    private readonly Dictionary<NoteName, Attestor> attestors = [];

    private CaseFacts(ImageReference image) => this.image = image;

    /// <summary>Reads every file of a case.</summary>
    /// <exception cref="ConfigurationException">A file cannot be read or used.</exception>
    public static ImageFacts Read(ApprovalCase wanted)
    {
        var facts = new CaseFacts(wanted.Image);
        foreach (var attestor in wanted.Attestors.Select(EvidenceFiles.Attestor))
        {
            facts.attestors[attestor.Note] = attestor;
        }

        foreach (var (file, occurrence) in wanted.Occurrences.SelectMany(file => EvidenceFiles.Occurrences(file).Select(occurrence => (file, occurrence))))
        {
            facts.Add(file, occurrence);
        }

        return new ImageFacts(wanted.Image)
        {
            Tags = wanted.Tags,
            Uploaded = wanted.Uploaded,
            Provenance = facts.provenance,
            ProvenanceKeys = wanted.Keys.ToDictionary(key => key.Key, key => Key(key.Value)),
            Attestors = facts.attestors.Values.ToDictionary(attestor => attestor.Name, facts.Evidence),
            Scans = facts.scans.Count == 0 ? [] : [ScanOccurrences.Read(wanted.Image.Digest, facts.scans, facts.scans)],
            Configurations = [.. wanted.Configurations.Select(facts.Configuration)],
            Pushes = [.. wanted.Pushes.Select(EvidenceFiles.Push)],
        };
    }

    private void Add(string file, Ca.Occurrence occurrence)
    {
        switch (occurrence.Kind)
        {
            case Ca.NoteKind.Build:
                CheckSubject(file, occurrence);
                AddBuild(occurrence);
                break;
            case Ca.NoteKind.Discovery or Ca.NoteKind.Vulnerability:
                CheckSubject(file, occurrence);
                scans.Add(occurrence);
                break;
            case Ca.NoteKind.Attestation when occurrence.Attestation is not null:
                AddAttestation(file, occurrence);
                break;
            default:
                throw EvidenceFiles.Wrong(file, $"{occurrence.Name} is of kind {occurrence.Kind.ToString().ToUpperInvariant()}, which cases cannot hold", "Leave it out: a case holds BUILD, DISCOVERY, VULNERABILITY and ATTESTATION occurrences.");
        }
    }

    private void CheckSubject(string file, Ca.Occurrence occurrence)
    {
        if (occurrence.ResourceUri != image.ResourceUri)
        {
            throw EvidenceFiles.Wrong(file, $"{occurrence.Name} is about {occurrence.ResourceUri}, and the case is about {image.ResourceUri}", "Name an occurrence of the image.");
        }
    }

    private void AddBuild(Ca.Occurrence occurrence)
    {
        // As when reading from Google: a build without an envelope is no signed provenance.
        if (occurrence.Envelope is not null)
        {
            provenance.Add(OccurrenceMapping.Provenance(occurrence));
        }
    }

    private void AddAttestation(string file, Ca.Occurrence occurrence)
    {
        if (!NoteName.TryParse(occurrence.NoteName, out var note) || !attestors.ContainsKey(note))
        {
            throw EvidenceFiles.Wrong(file, $"{occurrence.Name} hangs on '{occurrence.NoteName}', which is no note of the case's attestors", "Add the attestor's file to attestors.");
        }

        if (!occurrence.ResourceUri.EndsWith($"@{image.Digest}", StringComparison.Ordinal))
        {
            throw EvidenceFiles.Wrong(file, $"{occurrence.Name} is about {occurrence.ResourceUri}, and the case is about {image.Digest}", "Name an occurrence of the image.");
        }

        attestations.Add(OccurrenceMapping.Attestation(occurrence));
    }

    private AttestorEvidence Evidence(Attestor attestor) => new(attestor, [.. attestations.Where(attestation => attestation.Note == attestor.Note)]);

    private static PublicKey Key(CaseKey key)
    {
        var pem = EvidenceFiles.Text(key.File);
        var error = "";
        foreach (var algorithm in key.Algorithm is { } told ? [told] : SignatureAlgorithm.All.Where(algorithm => algorithm.Family == SignatureFamily.Ecdsa))
        {
            if (PublicKey.TryFromPem(pem, algorithm, out var read, out error))
            {
                return read;
            }
        }

        throw EvidenceFiles.Wrong(key.File, $"it is not such a public key: {error}", key.Algorithm is null ? "Write {pem: FILE, algorithm: NAME} for keys that are not on an elliptic curve." : "Name the PEM of a public key of that algorithm.");
    }

    private ImageConfiguration Configuration(string file)
    {
        var bytes = Encoding.UTF8.GetBytes(EvidenceFiles.Text(file));
        return OciConfiguration.Parse(image.Digest, ImageDigest.Of(bytes), "", bytes);
    }
}
