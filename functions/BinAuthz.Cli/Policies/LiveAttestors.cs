using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Policies;
using Grpc.Core;

namespace BinAuthz.Cli.Policies;

/// <summary>Looks up the attestors that policies name.</summary>
internal static class LiveAttestors
{
    /// <summary>Every attestor that is named; null when there is none. What may not be read is left out.</summary>
    public static async Task<IReadOnlyDictionary<AttestorName, Attestor?>> ReadAsync(BinaryAuthorizationClient authorization, IEnumerable<PolicyDocument> policies, CancellationToken cancellationToken)
    {
        var names = policies.SelectMany(document => RuleLint.All(document.Policy)).SelectMany(each => each.Rule.RequireAttestationsBy)
            .Select(text => AttestorName.TryParse(text, out var name) ? name : null).OfType<AttestorName>().Distinct();
        var found = await Task.WhenAll(names.Select(name => FindAsync(authorization, name, cancellationToken))).ConfigureAwait(false);
        return found.Where(each => each.IsKnown).ToDictionary(each => each.Name, each => each.Attestor);
    }

    private static async Task<(AttestorName Name, bool IsKnown, Attestor? Attestor)> FindAsync(BinaryAuthorizationClient authorization, AttestorName name, CancellationToken cancellationToken)
    {
        try
        {
            return (name, true, await authorization.FindAttestorAsync(name, cancellationToken).ConfigureAwait(false));
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.PermissionDenied)
        {
            return (name, false, null);
        }
    }
}
