using Grpc.Core;

namespace BinAuthz.GoogleCloud;

/// <summary>Creating what may be there already.</summary>
internal static class Creation
{
    /// <summary>Waits for <paramref name="call"/>.</summary>
    /// <returns>False when the answer was ALREADY_EXISTS.</returns>
    public static async Task<bool> UnlessExistsAsync<T>(AsyncUnaryCall<T> call)
    {
        try
        {
            await call.ConfigureAwait(false);
            return true;
        }
        catch (GoogleCallException error) when (error.Status == StatusCode.AlreadyExists)
        {
            return false;
        }
    }
}
