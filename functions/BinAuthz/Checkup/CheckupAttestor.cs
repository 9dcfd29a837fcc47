using BinAuthz.Attestations;
using BinAuthz.Keys;

namespace BinAuthz.Checkup;

/// <summary>An attestor of an environment, and the key that signs for it.</summary>
internal sealed record CheckupAttestor(AttestorName Name, KeyName Key);
