using Google.Apis.Auth.OAuth2;

namespace BinAuthz.GoogleCloud;

/// <summary>The headers that prove who calls, from Application Default Credentials. They are looked for at the first call, not at the start.</summary>
/// <param name="find">Finds the credentials.</param>
internal sealed class GoogleTokens(Func<Task<GoogleCredential>> find)
{
    private const string Scope = "https://www.googleapis.com/auth/cloud-platform";
    private readonly Lazy<Task<GoogleCredential>> credential = new(async () => (await find().ConfigureAwait(false)).CreateScoped(Scope));

    /// <summary>Application Default Credentials.</summary>
    public GoogleTokens()
        : this(static () => GoogleCredential.GetApplicationDefaultAsync())
    {
    }

    /// <summary><c>authorization</c>, and <c>x-goog-user-project</c> where the credentials name a quota project.</summary>
    public async Task<IReadOnlyList<(string Name, string Value)>> HeadersAsync(string audience, CancellationToken cancellationToken)
    {
        var source = await credential.Value.WaitAsync(cancellationToken).ConfigureAwait(false);
        var token = await ((ITokenAccessWithHeaders)source).GetAccessTokenWithHeadersForRequestAsync(audience, cancellationToken).ConfigureAwait(false);
        return [("authorization", $"Bearer {token.AccessToken}"), .. token.Headers.SelectMany(header => header.Value.Select(value => (header.Key, value)))];
    }
}
