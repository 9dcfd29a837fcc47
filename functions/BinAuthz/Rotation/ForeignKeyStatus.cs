using BinAuthz.Keys;

namespace BinAuthz.Rotation;

/// <summary>A key of the attestor that no version of the rotated key stands behind: it is left alone.</summary>
/// <param name="Key">As the attestor lists it.</param>
/// <param name="Images">How many images that may be deployed have a valid attestation by it; null: not read.</param>
/// <param name="OnlyIts">How many of those have none by another key; null: not read.</param>
internal sealed record ForeignKeyStatus(AttestorKey Key, int? Images, int? OnlyIts);
