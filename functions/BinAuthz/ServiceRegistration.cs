using BinAuthz.Alerting;
using BinAuthz.Alerting.Channels;
using BinAuthz.Approval;
using BinAuthz.Approval.Pushes;
using BinAuthz.Auditing;
using BinAuthz.Auditing.Archive;
using BinAuthz.Auditing.Facts;
using BinAuthz.Auditing.Readiness;
using BinAuthz.Auditing.Scanning;
using BinAuthz.Auditing.Telling;
using BinAuthz.Checking;
using BinAuthz.Checkup;
using BinAuthz.Checkup.Facts;
using BinAuthz.Decisions;
using BinAuthz.Denials;
using BinAuthz.GoogleCloud;
using BinAuthz.Rotation;
using BinAuthz.Setup;
using BinAuthz.Signing;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace BinAuthz;

/// <summary>Every registration of the library, on one screen.</summary>
internal static class ServiceRegistration
{
    /// <summary>The clients, with which the CLI does without an approval policy.</summary>
    /// <exception cref="ConfigurationException">The options name a caller who cannot be.</exception>
    public static IServiceCollection AddGoogleCloud(this IServiceCollection services, BinAuthzOptions options)
    {
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton(EmulatedCaller.Validated(options)).AddSingleton<GoogleTokens>().AddSingleton<GoogleChannels>();
        services.AddSingleton<KeyManagementClient>().AddSingleton<ContainerAnalysisClient>().AddSingleton<BinaryAuthorizationClient>().AddSingleton<ArtifactRegistryClient>().AddSingleton<LoggingClient>().AddSingleton<PublisherClient>();
        services.AddSingleton(provider => new GoogleHttp(
            GoogleHttp.CreateClient(), options, provider.GetRequiredService<GoogleTokens>(), provider.GetRequiredService<TimeProvider>()));
        services.AddSingleton<StorageClient>().AddSingleton<RegistryClient>().AddSingleton<RefusalRecords>().AddSingleton<SecretManagerClient>().AddSingleton<CloudAssetClient>();
        return services.AddSingleton<AdmissionEvidenceReader>().AddSingleton<UnattestedImageReader>().AddSingleton<FindingDiagnosis>().AddCheckup().AddSetup();
    }

    private static IServiceCollection AddCheckup(this IServiceCollection services) => services
        .AddSingleton<SubscriptionClient>().AddSingleton<LogSinkClient>().AddSingleton<IamClient>().AddSingleton<ClusterClient>()
        .AddSingleton<PolicyReader>().AddSingleton<AttestorReader>().AddSingleton<ProjectReader>().AddSingleton<GrantReader>().AddSingleton<ImageReader>().AddSingleton<EnvironmentCheckup>();

    private static IServiceCollection AddSetup(this IServiceCollection services) => services
        .AddSingleton<IdentityClient>().AddSingleton<PolicyWriter>().AddSingleton(new SinkFilters(LogFilters.Sink, PushLogEntry.SinkFilter))
        .AddSingleton<TrustSetup>().AddSingleton<EventSetup>().AddSingleton<AccessSetup>().AddSingleton<EnvironmentSetup>();

    /// <summary>Everything that the functions need.</summary>
    /// <exception cref="ConfigurationException">The section or the approval policy cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddBinAuthz(this IServiceCollection services, IConfiguration configuration) =>
        services.AddBinAuthz(configuration.GetSection(BinAuthzOptions.Section).Get<BinAuthzOptions>() ?? new BinAuthzOptions());

    /// <summary>Everything that signing needs.</summary>
    /// <exception cref="ConfigurationException">The options or the approval policy cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddBinAuthz(this IServiceCollection services, BinAuthzOptions options)
    {
        var policy = LoadPolicy(options.Approval);
        var attestors = policy.Attestors.Select(attestor => (Policy: attestor, Identity: SigningIdentity.From(policy.Environment, attestor, options))).ToArray();
        return services.AddGoogleCloud(options)
            .AddLogging()
            .AddSingleton(policy)
            .AddSingleton(options.DecisionsTopic is { } topic ? DecisionsTopic.Parse(topic) : DecisionsTopic.Default(policy.Attestors[0].Attestor.Project, policy.Environment))
            .AddSingleton<DecisionRecords>()
            .AddSingleton<DecisionJournal>()
            .AddSingleton(options.EvidenceBucket is { } bucket ? new EvidenceBucket(bucket) : EvidenceBucket.Default(policy.Attestors[0].Attestor.Project))
            .AddSingleton<ProvenanceKeyRing>()
            .AddSingleton(new KnownImages())
            .AddSingleton<KnownScans>()
            .AddSingleton<WaitingIndexes>()
            .AddSingleton<ImageContentReader>()
            .AddSingleton<RequiredAttestorSource>()
            .AddSingleton<EvidenceReader>()
            .AddSingleton<AttestationStore>()
            .AddSingleton<IReadOnlyList<SigningTrustSource>>(provider => [.. attestors.Select(attestor => SigningTrustSource(provider, attestor.Identity))])
            .AddSingleton<IReadOnlyList<AttestorSigner>>(provider => [.. attestors.Zip(provider.GetRequiredService<IReadOnlyList<SigningTrustSource>>(), (attestor, trusts) => AttestorSigner(provider, attestor.Policy, trusts))])
            .AddSingleton<IReadOnlyList<AttestorResigner>>(provider => [.. attestors.Zip(provider.GetRequiredService<IReadOnlyList<SigningTrustSource>>(), (attestor, trusts) => AttestorResigner(provider, attestor.Policy, trusts))])
            .AddSingleton<ImageExplainer>()
            .AddSingleton<ImageSigner>()
            .AddSingleton<ImageResigner>()
            .AddSingleton<ImageWithdrawer>();
    }

    /// <summary>Everything that rotation needs, for every attestor of the approval policy.</summary>
    /// <exception cref="ConfigurationException">The section or the approval policy cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddRotation(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection(BinAuthzOptions.Section).Get<BinAuthzOptions>() ?? new BinAuthzOptions();
        var policy = LoadPolicy(options.Approval);
        return services.AddRotation(options, policy.Attestors[0].Attestor.Project)
            .AddSingleton<IReadOnlyList<SigningIdentity>>([.. policy.Attestors.Select(attestor => SigningIdentity.From(policy.Environment, attestor, options))]);
    }

    /// <summary>Everything that rotation needs, for whichever attestor it is asked for.</summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="options">The windows, and where Google's APIs are.</param>
    /// <param name="project">Whose evidence bucket keeps the records, unless the options name one.</param>
    /// <exception cref="ConfigurationException">The windows do not fit together; it lists every problem.</exception>
    public static IServiceCollection AddRotation(this IServiceCollection services, BinAuthzOptions options, string project) => services
        .AddGoogleCloud(options)
        .AddLogging()
        .AddSingleton(options.Rotation)
        .AddSingleton(RotationWindows.From(options))
        .AddSingleton(options.EvidenceBucket is { } bucket ? new EvidenceBucket(bucket) : EvidenceBucket.Default(project))
        .AddSingleton<RotationDecision>(RotationPolicy.Decide)
        .AddSingleton<KeyRecords>()
        .AddSingleton<LiveImageReader>()
        .AddSingleton<DecisionRecords>()
        .AddSingleton<TaintReader>()
        .AddSingleton<RotationStateReader>()
        .AddSingleton<RotationActs>()
        .AddSingleton<PacedPublisher>()
        .AddSingleton<ResignPublisher>()
        .AddSingleton<RevocationNotice>()
        .AddSingleton<RotationMetrics>()
        .AddSingleton<RevocationPlanner>()
        .AddSingleton<KeyRotator>();

    /// <summary>Everything that auditing needs, for whatever environment it is asked for.</summary>
    /// <param name="services">Where to register it.</param>
    /// <param name="options">What an environment is held to, and where Google's APIs are.</param>
    /// <param name="project">Whose evidence bucket keeps records and reports, unless the options name one.</param>
    /// <exception cref="ConfigurationException">The options of the audit cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddAuditing(this IServiceCollection services, BinAuthzOptions options, string project) => services
        .AddGoogleCloud(options)
        .AddLogging()
        .AddSingleton(options.Audit.Validated())
        .AddSingleton(options.EvidenceBucket is { } bucket ? new EvidenceBucket(bucket) : EvidenceBucket.Default(project))
        .AddSingleton<KeyRecords>()
        .AddSingleton<AttestorFactReader>()
        .AddSingleton<PolicyFactReader>()
        .AddSingleton<AccessFactReader>()
        .AddSingleton<EventFactReader>()
        .AddSingleton<LocationClient>()
        .AddSingleton<IndexReader>()
        .AddSingleton<SubjectReader>()
        .AddSingleton<RecordReader>()
        .AddSingleton<LastDecisionReader>()
        .AddSingleton<ScanPreparation>()
        .AddSingleton<AttestationScan>()
        .AddSingleton<ShardedScan>()
        .AddSingleton<AttestationAuditor>()
        .AddSingleton<ReadinessReader>();

    /// <summary>Everything that auditing on a schedule needs, for the environment of the approval policy.</summary>
    /// <exception cref="ConfigurationException">The section or the approval policy cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddAuditing(this IServiceCollection services, IConfiguration configuration)
    {
        var options = configuration.GetSection(BinAuthzOptions.Section).Get<BinAuthzOptions>() ?? new BinAuthzOptions();
        var policy = LoadPolicy(options.Approval);
        options.Audit.Validated();
        var requests = new AuditRequests(policy, options);
        return services.AddAuditing(options, policy.Attestors[0].Attestor.Project)
            .AddSingleton(requests)
            .AddSingleton<IReportArchive, BucketArchive>()
            .AddSingleton(provider => ReportStore.Of(provider.GetRequiredService<IReportArchive>(), provider.GetRequiredService<KeyManagementClient>(), requests.AuditKey))
            .AddSingleton<PacedPublisher>()
            .AddSingleton<ShardPublisher>()
            .AddSingleton<FindingsPublisher>()
            .AddSingleton<AuditNotice>()
            .AddSingleton<ScheduledAudit>();
    }

    /// <summary>Everything that alerting needs.</summary>
    /// <exception cref="ConfigurationException">The section or the alert policy cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddAlerting(this IServiceCollection services, IConfiguration configuration) =>
        services.AddAlerting(configuration.GetSection(BinAuthzOptions.Section).Get<BinAuthzOptions>() ?? new BinAuthzOptions());

    /// <summary>Everything that alerting needs.</summary>
    /// <exception cref="ConfigurationException">The options or the alert policy cannot be used; it lists every problem.</exception>
    public static IServiceCollection AddAlerting(this IServiceCollection services, BinAuthzOptions options)
    {
        var policy = LoadAlertPolicy(options.Alerts);
        return services.AddGoogleCloud(options)
            .AddLogging()
            .AddSingleton(policy)
            .AddAlertChannels(policy)
            .AddSingleton<IReadOnlyList<IAlertChannel>>(provider => provider.GetRequiredService<AlertChannels>().All)
            .AddSingleton(options.EvidenceBucket is { } bucket ? new EvidenceBucket(bucket) : EvidenceBucket.Default(policy.Project))
            .AddSingleton<Func<Finding, CancellationToken, Task<Diagnosis>>>(provider => provider.GetRequiredService<FindingDiagnosis>().DiagnoseAsync)
            .AddSingleton<RecentDiagnoses>()
            .AddSingleton<AlertLedger>()
            .AddSingleton<AlertBurst>()
            .AddSingleton<AlertWindows>()
            .AddSingleton<AlertDispatcher>()
            .AddSingleton<AlertTeller>()
            .AddSingleton<AlertFollowUp>()
            .AddSingleton<AlertSweep>()
            .AddSingleton<DenialAlerter>();
    }

    private static SigningTrustSource SigningTrustSource(IServiceProvider services, SigningIdentity identity) => new(
        services.GetRequiredService<BinaryAuthorizationClient>(), services.GetRequiredService<KeyManagementClient>(), identity, services.GetRequiredService<BinAuthzOptions>(), services.GetRequiredService<TimeProvider>());

    private static AttestorSigner AttestorSigner(IServiceProvider services, AttestorPolicy policy, SigningTrustSource trusts)
    {
        var (analysis, hand) = (services.GetRequiredService<ContainerAnalysisClient>(), new VerifiedSigner(trusts, services.GetRequiredService<KeyManagementClient>()));
        var act = new AttestationAct(services.GetRequiredService<ApprovalPolicy>(), hand, analysis, services.GetRequiredService<AttestationStore>(), services.GetRequiredService<DecisionRecords>());
        return new AttestorSigner(policy, trusts, analysis, act);
    }

    private static AttestorResigner AttestorResigner(IServiceProvider services, AttestorPolicy policy, SigningTrustSource trusts) => new(
        policy,
        services.GetRequiredService<ApprovalPolicy>(),
        trusts,
        new VerifiedSigner(trusts, services.GetRequiredService<KeyManagementClient>()),
        services.GetRequiredService<ContainerAnalysisClient>(),
        services.GetRequiredService<AttestationStore>(),
        services.GetRequiredService<DecisionRecords>(),
        services.GetRequiredService<TimeProvider>());

    private static ApprovalPolicy LoadPolicy(string path)
    {
        var yaml = Read(path, "approval policy", "An attestor without an approval policy does not sign.", nameof(BinAuthzOptions.Approval));
        return ApprovalPolicy.TryParse(yaml, path, out var policy, out var errors) ? policy : throw new ConfigurationException([.. errors.Select(error => error.ToString())]);
    }

    private static AlertPolicy LoadAlertPolicy(string path)
    {
        var yaml = Read(path, "alert policy", "It names the environments and who is told.", nameof(BinAuthzOptions.Alerts));
        return AlertPolicyReader.TryParse(yaml, path, out var policy, out var errors) ? policy : throw new ConfigurationException([.. errors.Select(error => error.ToString())]);
    }

    private static string Read(string path, string what, string why, string option)
    {
        try
        {
            return File.ReadAllText(path);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException([$"The {what} '{path}' cannot be read: {error.Message} {why} Name the file in {BinAuthzOptions.Section}:{option}."]);
        }
    }
}
