using System.Net;
using System.Net.Sockets;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Power;
using Bootstrapper.Tests.Support;
using Microsoft.AspNetCore.Http;

namespace Bootstrapper.Tests.Power;

/// <summary>
/// A BMC that somebody has taken over, or that is something else: it is told of on one line, and learns nothing.
/// </summary>
public sealed class HostileBmcTests : RedfishTest
{
    private const string System = "/redfish/v1/Systems/1";

    [Theory]
    [InlineData("/redfish/v1/", "", "does not answer in JSON")]
    [InlineData("/redfish/v1/", "[]", "does not answer in JSON")]
    [InlineData("/redfish/v1/", "<html>please log in</html>", "does not answer in JSON")]
    [InlineData("/redfish/v1/Systems", """{"Members": 7}""", "has 0 systems")]
    [InlineData("/redfish/v1/Systems", """{"Members": [null, {"@odata.id": 7}]}""", "has 0 systems")]
    [InlineData("/redfish/v1/Systems", """{"Members": [{"@odata.id": "//192.0.2.7/x"}]}""", "names a place that is not its own")]
    [InlineData("/redfish/v1/Systems", """{"Members": [{"@odata.id": "\\\\192.0.2.7\\x"}]}""", "names a place that is not its")]
    [InlineData("/redfish/v1/Systems", """{"Members": [{"@odata.id": "http://127.0.0.1/"}]}""", "names a place that is not its")]
    [InlineData(System, """{"PowerState": {"On": true}}""", "does not say whether the machine is on")]
    [InlineData(System, """{"PowerState": "Off"}""", "offers no reset of the machine")]
    [InlineData(System, """{"PowerState": "Off", "Actions": {"#ComputerSystem.Reset": []}}""", "offers no reset of the machine")]
    public async Task What_makes_no_sense_is_told(string path, string answer, string why)
    {
        StandIn.Instead = async context =>
        {
            if (context.Request.Path != path || context.Request.Method != "GET")
            {
                return false;
            }

            await context.Response.WriteAsync(answer);
            return true;
        };
        Assert.Contains(why, await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_it_says_is_shown_on_one_line_and_not_all_of_it()
    {
        StandIn.ResetTypes = [.. Enumerable.Repeat("Press\u001b[2JAny\nKey", 1000)];
        var said = await FailureAsync();
        Assert.Contains("it offers Press [2JAny Key", said, StringComparison.Ordinal);
        Assert.InRange(said.Length, 100, 700);
    }

    [Fact]
    public async Task A_tag_that_is_no_header_is_not_sent()
    {
        StandIn.Instead = async context =>
        {
            if (context.Request.Path != System || context.Request.Method != "GET")
            {
                return false;
            }

            await context.Response.WriteAsync("""
                {"@odata.etag": "\"1\"\r\nX-Auth-Token: stolen", "PowerState": "Off", "Boot": {}}
                """);
            return true;
        };
        var failure = await Bench.FailsAsync(bmcs => bmcs.BootOnceAsync(Node, BootDevice.Network, Cancellation));
        Assert.Contains("answered 412", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task It_cannot_send_the_password_elsewhere_by_a_redirect()
    {
        await using var other = await RedfishStandIn.StartAsync();
        StandIn.Instead = context =>
        {
            context.Response.Redirect(
                $"https://127.0.0.1:{other.Settings.Port}{context.Request.Path}", permanent: false, preserveMethod: true);
            return Task.FromResult(true);
        };
        Assert.Contains("answered 307", await FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(0, other.Logins);
    }

    [Fact]
    public async Task One_that_lets_us_in_and_does_not_know_us_after_that_is_not_asked_without_end()
    {
        var asked = 0;
        StandIn.Instead = context =>
        {
            if (context.Request.Path.StartsWithSegments("/redfish/v1/Systems", StringComparison.Ordinal))
            {
                asked++;
                context.Response.StatusCode = StatusCodes.Status401Unauthorized;
                return Task.FromResult(true);
            }

            return Task.FromResult(false);
        };
        Assert.Contains("answered 401 for /redfish/v1/Systems", await FailureAsync(), StringComparison.Ordinal);
        Assert.Equal(1, asked);
    }

    [Fact]
    public async Task An_answer_without_end_is_not_read_to_its_end()
    {
        StandIn.Instead = async context =>
        {
            var much = new byte[1 << 20];
            for (var i = 0; i < 100 && !context.RequestAborted.IsCancellationRequested; i++)
            {
                await context.Response.Body.WriteAsync(much);
            }

            return true;
        };
        Assert.Contains("answers with more than 4 MiB", await FailureAsync(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_comes_drop_by_drop_is_given_up()
    {
        StandIn.Instead = async context =>
        {
            while (!context.RequestAborted.IsCancellationRequested)
            {
                await context.Response.WriteAsync(" ");
                await context.Response.Body.FlushAsync();
                await Task.Delay(50);
            }

            return true;
        };
        var bmcs = Bench.Bmcs(new BmcPatience { Answer = TimeSpan.FromSeconds(1) });
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.StateAsync(Node, Cancellation));
        Assert.Contains("did not answer within 1 s", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_takes_the_connection_and_says_nothing_is_given_up()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var silent = Node with { Bmc = Node.Bmc! with { OwnPort = ((IPEndPoint)listener.LocalEndpoint).Port } };
        var bmcs = Bench.Bmcs(new BmcPatience { Answer = TimeSpan.FromSeconds(1) });
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.StateAsync(silent, Cancellation));
        Assert.Equal(PowerFailure.Silent, failure.Failure);
    }

    [Fact]
    [Trait("Category", "Slow")]
    public async Task One_that_answers_IPMI_with_nonsense_is_told_of()
    {
        Assert.SkipUnless(ExternalTools.IpmiPresent, "ipmitool and ipmi_sim are not installed");
        using var socket = new UdpClient(new IPEndPoint(IPAddress.Loopback, 0));
        using var over = CancellationTokenSource.CreateLinkedTokenSource(Cancellation);
        var answering = Task.Run(
            async () =>
            {
                while (true)
                {
                    var asked = await socket.ReceiveAsync(over.Token);
                    await socket.SendAsync(Encoding.ASCII.GetBytes("\u001b[2J\nno BMC\n"), asked.RemoteEndPoint, over.Token);
                }
            },
            over.Token);
        var ipmi = Node with
        {
            Bmc = Node.Bmc! with
            {
                Protocol = BmcProtocol.Ipmi,
                OwnPort = ((IPEndPoint)socket.Client.LocalEndPoint!).Port,
                CipherSuite = 3,
            },
        };
        Bench.Write("bmc.password", "short");
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(ipmi, Cancellation));
        Assert.DoesNotContain('\u001b', failure.Message);
        await over.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => answering);
    }

    private async Task<string> FailureAsync()
    {
        var failure = await Bench.FailsAsync(bmcs => bmcs.SwitchAsync(Node, PowerChange.On, Cancellation));
        Assert.DoesNotContain('\n', failure.Message);
        Assert.DoesNotContain(RedfishStandIn.Password, failure.Message, StringComparison.Ordinal);
        return failure.Message;
    }
}
