using System.Text;
using BinAuthz.Auditing.Readiness;

namespace BinAuthz.Tests.Auditing.Readiness;

public sealed class FailureLogTests
{
    [Theory]
    [InlineData("""{"timestamp":"2026-11-01T06:00:00Z","jsonPayload":{"message":"PoisonEvent: m"},"textPayload":"x","resource":{"labels":{"service_name":"sign-image"}}}""", "sign-image", "PoisonEvent: m")]
    [InlineData("""{"timestamp":"2026-11-01T06:00:00Z","textPayload":"OperatorNeeded: n"}""", "", "OperatorNeeded: n")]
    public void Read_Entries_TellWhenWhoAndWhat(string json, string service, string message) =>
        Assert.Equal(new LoggedFailure(CleanFacts.Now, service, message), FailureLog.Read(Encoding.UTF8.GetBytes(json), DateTimeOffset.UnixEpoch));

    [Fact]
    public void Read_EntryWithoutTime_CountsAsNew() => Assert.Equal(CleanFacts.Now, FailureLog.Read("{}"u8.ToArray(), CleanFacts.Now).Time);
}
