using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using Bootstrapper.Cluster;
using Bootstrapper.Power;
using Microsoft.AspNetCore.Http;

namespace Bootstrapper.Tests.Power;

/// <summary>Orders that a BMC takes, and what it says of the machine before and after that.</summary>
public sealed class OrderTests : RedfishTest
{
    private const string System = "/redfish/v1/Systems/1", Reset = $"{System}/Actions/ComputerSystem.Reset";

    [Theory]
    [InlineData(200, """{"PowerState": null}""")]
    [InlineData(503, "busy")]
    public async Task That_it_says_nothing_sensible_once_the_order_was_taken_is_no_failure(int status, string answer)
    {
        StandIn.IsOn = true;
        var hasSaid = false;
        StandIn.Instead = async context =>
        {
            if (hasSaid || !IsAsked(context) || !WasReset)
            {
                return false;
            }

            hasSaid = true;
            context.Response.StatusCode = status;
            await context.Response.WriteAsync(answer, Cancellation);
            return true;
        };
        var bmcs = Bench.Bmcs(new BmcPatience { Change = TimeSpan.FromSeconds(10) });
        Assert.Equal(PowerState.On, await bmcs.BootFromNetworkAsync(Node, Cancellation));
        Assert.True(hasSaid);
    }

    [Fact]
    public async Task One_that_goes_on_to_say_nothing_sensible_is_told_of_with_what_may_have_been_done()
    {
        StandIn.IsOn = true;
        StandIn.Instead = async context =>
        {
            if (IsAsked(context) && WasReset)
            {
                context.Response.StatusCode = 503;
                await context.Response.WriteAsync("busy", Cancellation);
                return true;
            }

            return false;
        };
        var failure = await Bench.FailsAsync(bmcs => bmcs.SwitchAsync(Node, PowerChange.Cycle, Cancellation));
        Assert.Equal(PowerFailure.Unproven, failure.Failure);
        Assert.Contains(
            "took the order, and 2 s later does not say how the machine is: it answered 503",
            failure.Message,
            StringComparison.Ordinal);
    }

    [Fact]
    public async Task One_that_takes_an_order_and_does_not_carry_it_out_is_told_of()
    {
        StandIn.Instead = context => Task.FromResult(context.Request.Path == Reset);
        var failure = await Bench.FailsAsync(bmcs => bmcs.SwitchAsync(Node, PowerChange.On, Cancellation));
        Assert.Equal(PowerFailure.Unproven, failure.Failure);
        Assert.Contains("2 s later the machine is not on", failure.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true, "ended the connection")]
    [InlineData(false, "did not within 1 s")]
    public async Task One_that_gives_no_answer_to_an_order_may_have_carried_it_out(bool hangsUp, string how)
    {
        StandIn.Instead = async context =>
        {
            if (context.Request.Path != Reset)
            {
                return false;
            }

            if (hangsUp)
            {
                context.Abort();
                return true;
            }

            await Task.Delay(Timeout.InfiniteTimeSpan, context.RequestAborted);
            return true;
        };
        var bmcs = Bench.Bmcs(new BmcPatience { Answer = TimeSpan.FromSeconds(1) });
        var failure = await Assert.ThrowsAsync<PowerException>(() => bmcs.SwitchAsync(Node, PowerChange.On, Cancellation));
        Assert.Equal(PowerFailure.Unproven, failure.Failure);
        Assert.Contains($"was sent the order, and has not answered since (it {how}", failure.Message, StringComparison.Ordinal);
    }

    /// <summary>It would be told to switch on what shuts down, and stay off.</summary>
    [Fact]
    public async Task Before_an_order_it_is_waited_until_the_machine_is_on_or_off()
    {
        StandIn.IsOn = true;
        var looks = 0;
        StandIn.Instead = async context =>
        {
            if (!IsAsked(context) || ++looks > 2)
            {
                return false;
            }

            await context.Response.WriteAsJsonAsync(new JsonObject { ["PowerState"] = "PoweringOff" }, Cancellation);
            StandIn.IsOn = false;
            return true;
        };
        var bmcs = Bench.Bmcs(new BmcPatience { Change = TimeSpan.FromSeconds(10) });
        Assert.Equal(PowerState.On, await bmcs.SwitchAsync(Node, PowerChange.Cycle, Cancellation));
        Assert.Equal(["On"], Resets());
    }

    [Fact]
    public async Task Where_it_does_not_say_what_it_can_the_next_way_is_tried()
    {
        (StandIn.IsOn, StandIn.ResetTypes) = (true, null);
        StandIn.Instead = async context =>
        {
            if (context.Request.Path == $"{System}/ResetActionInfo")
            {
                await context.Response.WriteAsync("{}", Cancellation);
                return true;
            }

            if (context.Request.Path != Reset)
            {
                return false;
            }

            context.Request.EnableBuffering();
            var type = (string?)(await JsonNode.ParseAsync(context.Request.Body, cancellationToken: Cancellation))!["ResetType"];
            context.Request.Body.Position = 0;
            context.Response.StatusCode = 400;
            return type == "PowerCycle";
        };
        Assert.Equal(PowerState.On, await Bench.Bmcs().SwitchAsync(Node, PowerChange.Cycle, Cancellation));
        Assert.Equal(["ForceRestart"], Resets());
    }

    [Theory]
    [InlineData("https://bmc.example/redfish/v1/SessionService/Sessions/{0}", "")]
    [InlineData("", "/redfish/v1/SessionService/Sessions/{0}")]
    public async Task The_session_is_ended_wherever_it_says_that_it_is(string location, string id)
    {
        StandIn.Named = (location, id);
        Assert.Equal(PowerState.Off, await Bench.Bmcs().StateAsync(Node, Cancellation));
        Assert.Equal(0, StandIn.OpenSessions);
        Assert.Contains(StandIn.Told, told => told.StartsWith("DELETE", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("""{"PowerState": "\ud800"}""")]
    [InlineData("""{"\ud800": "On"}""")]
    public async Task Half_a_character_is_no_JSON(string answer)
    {
        StandIn.Instead = async context =>
        {
            if (IsAsked(context))
            {
                await context.Response.WriteAsync(answer, Cancellation);
            }

            return IsAsked(context);
        };
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(Node, Cancellation));
        Assert.Contains("does not answer in JSON", failure.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_port_that_speaks_no_TLS_is_not_called_an_unknown_certificate()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        var answering = Task.Run(
            async () =>
            {
                using var client = await listener.AcceptTcpClientAsync(Cancellation);
                Assert.NotEqual(0, await client.GetStream().ReadAtLeastAsync(new byte[1024], 1, false, Cancellation));
                await client.GetStream().WriteAsync("HTTP/1.1 400 Bad Request\r\n\r\n"u8.ToArray(), Cancellation);
            },
            Cancellation);
        var plain = Node with { Bmc = Node.Bmc! with { OwnPort = ((IPEndPoint)listener.LocalEndpoint).Port } };
        var failure = await Bench.FailsAsync(bmcs => bmcs.StateAsync(plain, Cancellation));
        Assert.Contains("does not speak TLS as we do", failure.Message, StringComparison.Ordinal);
        Assert.DoesNotContain("verify: n", failure.Message, StringComparison.Ordinal);
        await answering;
    }

    private bool WasReset => StandIn.Told.Any(told => told.Contains("ComputerSystem.Reset", StringComparison.Ordinal));

    private static bool IsAsked(HttpContext context) => (context.Request.Method, context.Request.Path) == ("GET", System);

    private IEnumerable<string> Resets() => StandIn.Told
        .Where(told => told.Contains("ComputerSystem.Reset", StringComparison.Ordinal))
        .Select(told => told.Split('"')[3]);
}
