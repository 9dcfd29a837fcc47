using Microsoft.AspNetCore.Http;

namespace Google.Cloud.Functions.Framework;

/// <summary>A function that answers HTTP requests.</summary>
public interface IHttpFunction
{
    /// <summary>Handles one request and fills in its response.</summary>
    /// <param name="context">The request and the response to it.</param>
    /// <returns>A task that ends when the response is complete.</returns>
    Task HandleAsync(HttpContext context);
}
