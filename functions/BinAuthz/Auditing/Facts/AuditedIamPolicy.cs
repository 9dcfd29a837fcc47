using BinAuthz.Checkup;
using BinAuthz.GoogleCloud;

namespace BinAuthz.Auditing.Facts;

/// <summary>The policy of one resource.</summary>
/// <param name="Resource">The resource.</param>
/// <param name="Policy">Who has which role on it.</param>
internal sealed record AuditedIamPolicy(IamResource Resource, Fact<IamPolicy> Policy);
