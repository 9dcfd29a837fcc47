using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Setup;

/// <summary>The names of an attestor and of what is its own.</summary>
/// <param name="Attestor">The attestor.</param>
/// <param name="Note">Its attestations are stored under it.</param>
/// <param name="Key">Signs for it, and for no other: a signature counts under every note whose attestor trusts the key.</param>
internal sealed record AttestorSetup(AttestorName Attestor, NoteName Note, KeyName Key);
