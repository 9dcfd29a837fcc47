namespace BinAuthz.Auditing;

/// <summary>A control of a standard that a rule gives evidence for.</summary>
/// <param name="Framework">Such as <c>SOC 2</c>.</param>
/// <param name="Id">As the standard writes it, such as <c>CC8.1</c>.</param>
/// <param name="Title">What it asks for, shortened in our words.</param>
internal sealed record AuditControl(string Framework, string Id, string Title)
{
    private const string Soc2 = "SOC 2";
    private const string Hipaa = "HIPAA";
    private const string Slsa = "SLSA";
    private const string Nist = "NIST SP 800-53";

    // Trust Services Criteria of the AICPA, 2017 with the points of focus of 2022.
    public static readonly AuditControl LogicalAccess = new(Soc2, "CC6.1", "Logical access to protected assets is restricted.");
    public static readonly AuditControl Boundary = new(Soc2, "CC6.6", "Threats from outside the boundary are kept out.");
    public static readonly AuditControl Monitoring = new(Soc2, "CC7.2", "Anomalies are detected and evaluated.");
    public static readonly AuditControl ChangeManagement = new(Soc2, "CC8.1", "Changes are authorised, tested and approved before they are deployed.");

    // 45 CFR 164.312.
    public static readonly AuditControl HipaaAccess = new(Hipaa, "164.312(a)(1)", "Access is allowed only to those who have rights to it.");
    public static readonly AuditControl HipaaAudit = new(Hipaa, "164.312(b)", "Activity in systems that hold health information is recorded and examined.");
    public static readonly AuditControl HipaaIntegrity = new(Hipaa, "164.312(c)(1)", "Information is protected from improper alteration.");

    // slsa.dev/spec/v1.0: an attestation is not provenance; what is verified is that only images with approved evidence run.
    public static readonly AuditControl SlsaVerification = new(Slsa, "verifying-artifacts", "Artifacts are verified against expectations before they are used.");

    // NIST SP 800-53 rev. 5; the ids as OSCAL catalogs write them.
    public static readonly AuditControl LeastPrivilege = new(Nist, "ac-6", "Least privilege.");
    public static readonly AuditControl SeparationOfDuties = new(Nist, "ac-5", "Separation of duties.");
    public static readonly AuditControl EventLogging = new(Nist, "au-2", "Event logging.");
    public static readonly AuditControl SignedComponents = new(Nist, "cm-14", "Signed components.");
    public static readonly AuditControl KeyManagement = new(Nist, "sc-12", "Cryptographic key establishment and management.");
    public static readonly AuditControl Integrity = new(Nist, "si-7", "Software, firmware and information integrity.");
    public static readonly AuditControl ConfigurationSettings = new(Nist, "cm-6", "Configuration settings.");
}
