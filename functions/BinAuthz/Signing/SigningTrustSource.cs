using BinAuthz.Attestations;
using BinAuthz.GoogleCloud;
using BinAuthz.Keys;

namespace BinAuthz.Signing;

/// <summary>
/// Reads the attestor and the key versions, and remembers them for <see cref="BinAuthzOptions.TrustLifetime"/>, because
/// Binary Authorization allows fewer reads than there can be pushes. A signature by a key that lost trust meanwhile is
/// refused at admission: remembering fails closed.
/// </summary>
internal sealed class SigningTrustSource(
    BinaryAuthorizationClient authorization, KeyManagementClient kms, SigningIdentity identity, BinAuthzOptions options, TimeProvider time)
{
    private readonly Remembered<SigningTrust> remembered = new(options.TrustLifetime, time);

    /// <summary>The trust of this moment, give or take the lifetime.</summary>
    /// <exception cref="SigningException">There is no such attestor.</exception>
    public Task<SigningTrust> GetAsync(CancellationToken cancellationToken) => remembered.GetAsync(ReadAsync, cancellationToken);

    /// <summary>Whose trust it is.</summary>
    public AttestorName Attestor => identity.Attestor;

    /// <summary>The trust of this moment, read after this call.</summary>
    /// <exception cref="SigningException">There is no such attestor.</exception>
    public Task<SigningTrust> ReadAnewAsync(CancellationToken cancellationToken)
    {
        Forget();
        return GetAsync(cancellationToken);
    }

    /// <summary>Makes the next caller read again.</summary>
    public void Forget() => remembered.Forget();

    private async Task<SigningTrust> ReadAsync(DateTimeOffset now)
    {
        var attestorRead = authorization.FindAttestorAsync(identity.Attestor, CancellationToken.None);
        var versionsRead = kms.ListEnabledVersionsAsync(identity.Key, CancellationToken.None);
        await Task.WhenAll(attestorRead, versionsRead).ConfigureAwait(false);
        var attestor = await attestorRead.ConfigureAwait(false)
            ?? throw new SigningException($"There is no attestor {identity.Attestor}. Make it with `binauthz setup`, or name another in the approval policy.");
        if (EnvironmentIsolation.Owner(attestor.Note.Id) is { } owner && owner != identity.Environment)
        {
            throw new SigningException($"{attestor.Name} attests under {attestor.Note}, which belongs to the environment {owner}, and the approval policy is {identity.Environment}'s. Make an attestor with a note of its own, with `binauthz setup`.");
        }

        var selection = SigningKeySelector.Select(
            attestor.Keys, [.. (await versionsRead.ConfigureAwait(false)).Select(version => version.Name)], options.PropagationWindow, now);
        return selection switch
        {
            SigningKeySelection.Selected selected => new SigningTrust(attestor, new AttestationVerifier(attestor), selected, null),
            SigningKeySelection.NoneTrusted none => new SigningTrust(attestor, new AttestationVerifier(attestor), null, $"No version of {identity.Key} may sign for {attestor.Name}: {none.Reason} {none.Remedy}"),
            _ => throw new InvalidOperationException($"{selection.GetType().Name} is not a selection that is known here."),
        };
    }
}
