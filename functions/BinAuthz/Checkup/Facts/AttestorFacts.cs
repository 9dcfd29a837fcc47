using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Checkup.Facts;

/// <summary>What was read of an attestor and of what belongs to it.</summary>
/// <param name="Subject">The names.</param>
/// <param name="Attestor">Null inside: there is none.</param>
/// <param name="Key">Null inside: there is none.</param>
/// <param name="Note">The attestor's; null: it was not asked for, because the attestor is not known. Null inside: there is none.</param>
/// <param name="Permissions">Of what exists.</param>
internal sealed record AttestorFacts(CheckupAttestor Subject, Fact<Attestor?> Attestor, Fact<KeyFacts?> Key, Fact<NoteDescription?>? Note, IReadOnlyList<HeldPermissions> Permissions);
