using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;
using BinAuthz.Emulator.Hosting;
using BinAuthz.Emulator.State;
using Google.Cloud.Iam.Admin.V1;

namespace BinAuthz.Emulator.Iam;

/// <summary>The service accounts of every project. Policies may name others, too, as long as nobody made them here.</summary>
internal sealed partial class ServiceAccountStore(EmulatorStore store, EmulatorSwitches switches, TimeProvider time)
{
    private const string Domain = ".iam.gserviceaccount.com";

    private readonly Table<ServiceAccount> accounts = store.Table("iam-service-account", ServiceAccount.Parser);
    private readonly ConcurrentDictionary<string, DateTimeOffset> made = new(StringComparer.Ordinal);

    public IReadOnlyList<ServiceAccount> List(string project) => accounts.List($"{project}/serviceAccounts");

    /// <summary>An account by name; the project may be a dash, which is whatever project has it.</summary>
    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND.</exception>
    public ServiceAccount Get(string name) => accounts.Find(FullName(name)) ?? throw Unknown(name);

    /// <summary>Makes one.</summary>
    /// <exception cref="Grpc.Core.RpcException">INVALID_ARGUMENT: no valid id. ALREADY_EXISTS.</exception>
    public ServiceAccount Create(string project, string id, ServiceAccount? wanted)
    {
        if (!AccountId().IsMatch(id))
        {
            throw Errors.Invalid($"The account ID \"{id}\" does not have a length between 6 and 30, or is not lower-case letters, digits and dashes beginning with a letter.");
        }

        var projectId = project[(project.IndexOf('/', StringComparison.Ordinal) + 1)..];
        var email = $"{id}@{projectId}{Domain}";
        var account = wanted?.Clone() ?? new ServiceAccount();
        account.Name = $"{project}/serviceAccounts/{email}";
        account.ProjectId = projectId;
        account.Email = email;
        account.UniqueId = account.Oauth2ClientId = $"1{ProjectNumber.Of(email).ToString(CultureInfo.InvariantCulture).PadLeft(20, '0')}";
        account.Disabled = false;
        if (!accounts.TryAdd(account.Name, account))
        {
            throw Errors.AlreadyExists($"Service account {id} already exists within project {project}.");
        }

        made[email] = time.GetUtcNow();
        return account;
    }

    /// <exception cref="Grpc.Core.RpcException">NOT_FOUND.</exception>
    public void Delete(string name)
    {
        if (!accounts.Remove(FullName(name)))
        {
            throw Unknown(name);
        }
    }

    /// <summary>Whether policies do not know an account yet that was made a moment ago (docs: iam/docs/service-accounts-create: eventual consistency).</summary>
    public bool IsUnknownStill(string email) => made.TryGetValue(email, out var since) && time.GetUtcNow() - since < switches.ServiceAccountPropagation;

    private static string FullName(string name)
    {
        var email = name[(name.LastIndexOf('/') + 1)..];
        return name.StartsWith("projects/-/", StringComparison.Ordinal) && email.EndsWith(Domain, StringComparison.Ordinal)
            ? $"projects/{email[(email.IndexOf('@', StringComparison.Ordinal) + 1)..^Domain.Length]}/serviceAccounts/{email}"
            : name;
    }

    private static Grpc.Core.RpcException Unknown(string name) => Errors.NotFound($"Unknown service account {name[(name.LastIndexOf('/') + 1)..]}");

    [GeneratedRegex(@"\A[a-z]([-a-z0-9]{4,28}[a-z0-9])\z")]
    private static partial Regex AccountId();
}
