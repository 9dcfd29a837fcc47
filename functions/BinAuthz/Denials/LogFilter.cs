namespace BinAuthz.Denials;

/// <summary>A query in Cloud Logging's language.</summary>
/// <param name="Id">Such as <c>gke-denial</c>.</param>
/// <param name="Description">What its entries tell, in one sentence.</param>
/// <param name="Filter">The query.</param>
internal sealed record LogFilter(string Id, string Description, string Filter);
