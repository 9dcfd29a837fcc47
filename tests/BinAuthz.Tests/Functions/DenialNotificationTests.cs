using System.Text;
using BinAuthz.Functions.Events;

namespace BinAuthz.Tests.Functions;

public sealed class DenialNotificationTests
{
    [Theory]
    [InlineData("""{"sweep":true}""", true)]
    [InlineData(""" { "sweep" : true } """, true)]
    [InlineData("""{"sweep":false}""", false)]
    [InlineData("""{"logName":"projects/p/logs/l","textPayload":"{\"sweep\":true}"}""", false)]
    public void Read_Object_IsASweepOnlyWhenItSaysSo(string data, bool isSweep)
    {
        var notification = DenialNotification.Read(Encoding.UTF8.GetBytes(data));

        Assert.Equal((isSweep, 0), (notification.IsSweep, notification.Entry.Findings.Count));
    }

    [Theory]
    [InlineData("")]
    [InlineData("true")]
    [InlineData("{\"sweep\":tr")]
    public void Read_NoObject_IsUnreadable(string data) => Assert.Throws<UnreadableEventException>(() => DenialNotification.Read(Encoding.UTF8.GetBytes(data)));
}
