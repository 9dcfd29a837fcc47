using BinAuthz.Attestations;
using BinAuthz.Auditing.Facts;
using BinAuthz.Checkup;
using BinAuthz.Keys;

namespace BinAuthz.Auditing.Rules;

/// <summary>A key that an attestor trusts, beside the version of Cloud KMS that its id names.</summary>
/// <param name="Of">What was read of the attestor.</param>
/// <param name="Attestor">The attestor.</param>
/// <param name="Key">As the attestor lists it.</param>
/// <param name="Name">The version that the id names; null: it names none.</param>
/// <param name="Version">As Cloud KMS has it; null: it has none of that name, or it is of another key.</param>
internal sealed record TrustedKey(AuditedAttestor Of, Attestor Attestor, AttestorKey Key, KeyVersionName? Name, AuditedVersion? Version)
{
    /// <summary>What findings about it are about.</summary>
    public string Resource => ResourceOf(Attestor, Key);

    /// <summary>Whether its id names a version of the key that signs for the attestor.</summary>
    public bool IsOfSigningKey => Name?.Key == Of.Subject.Key;

    /// <summary>Since when it is trusted, as its comment says, or the record of when it was seen first; what neither tells is taken for long ago.</summary>
    public DateTimeOffset Since =>
        TrustedSince.Read(Key.Comment) ?? Of.Records.Or([]).FirstOrDefault(record => record.Version == Name && record.Kind == Rotation.KeyRecordKind.Trusted)?.At ?? DateTimeOffset.UnixEpoch;

    /// <summary>The command that takes it off.</summary>
    public string Remove => RemoveCommand(Attestor, Key);

    /// <summary>The keys of an attestor, or why they are not known; of an attestor that does not exist there are none.</summary>
    public static IEnumerable<Fact<IReadOnlyList<TrustedKey>>> All(AuditedAttestor of)
    {
        if (of.Attestor is Fact<Attestor?>.Known { Value: var attestor } && of.Versions is Fact<IReadOnlyList<AuditedVersion>>.Known { Value: var versions })
        {
            return [new Fact<IReadOnlyList<TrustedKey>>.Known([.. attestor?.Keys.Select(key => Find(of, attestor, key, versions)) ?? []])];
        }

        var unknown = new List<Fact<IReadOnlyList<TrustedKey>>>();
        if (of.Attestor is Fact<Attestor?>.Unknown { Why: var noAttestor })
        {
            unknown.Add(new Fact<IReadOnlyList<TrustedKey>>.Unknown(noAttestor));
        }

        if (of.Versions is Fact<IReadOnlyList<AuditedVersion>>.Unknown { Why: var noVersions })
        {
            unknown.Add(new Fact<IReadOnlyList<TrustedKey>>.Unknown(noVersions));
        }

        return unknown;
    }

    /// <summary>What findings about a key of an attestor are about.</summary>
    public static string ResourceOf(Attestor attestor, AttestorKey key) => $"{attestor.Name}#{key.Id}";

    /// <summary>The command that takes a key off an attestor.</summary>
    public static string RemoveCommand(Attestor attestor, AttestorKey key) =>
        $"`gcloud container binauthz attestors public-keys remove '{key.Id}' --attestor={attestor.Name.Id} --project={attestor.Name.Project}`";

    private static TrustedKey Find(AuditedAttestor of, Attestor attestor, AttestorKey key, IReadOnlyList<AuditedVersion> versions)
    {
        var name = KeyVersionName.TryParsePublicKeyId(key.Id, out var parsed) ? parsed : null;
        return new TrustedKey(of, attestor, key, name, versions.FirstOrDefault(version => version.Description.Name == name));
    }
}
