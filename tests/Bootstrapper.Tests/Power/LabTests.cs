using System.Net;

namespace Bootstrapper.Tests.Power;

/// <summary>
/// Two virtual machines have BMCs for as long as this test runs: core-01 one with Redfish, our stand-in, and core-02 one with
/// IPMI, Debian's ipmi_sim. Only tests/vm-power asks for this, which has such machines: the environment says at which addresses
/// (<c>LAB_REDFISH</c>, <c>LAB_IPMI</c>), what switches the machines (<c>LAB_SWITCH</c>), where the sockets of their serial lines
/// are (<c>LAB_SERIAL</c>), and in which directory this says how to know the one and stop the other, and is told to end
/// (<c>LAB_BMCS</c>).
/// </summary>
[Trait("Category", "Lab")]
public sealed class LabTests
{
    private static readonly TimeSpan Longest = TimeSpan.FromMinutes(40);

    [Fact(Explicit = true)]
    public async Task Two_machines_have_BMCs_until_the_lab_ends()
    {
        await using var redfish = await RedfishStandIn.StartAsync(At("LAB_REDFISH", 443), Machine("core-01"));
        await using var ipmi = await IpmiSimulator.StartAsync(At("LAB_IPMI", 623), Machine("core-02"));
        var directory = Stated("LAB_BMCS");
        Write("redfish.crt", redfish.CertificatePem);
        Write("redfish.password", RedfishStandIn.Password);
        Write("ipmi.password", IpmiSimulator.Password);
        Write("redfish.pid", $"{Environment.ProcessId}");
        Write("ipmi.pid", $"{ipmi.ProcessId}");
        Write("ready", "");
        for (var waited = TimeSpan.Zero; waited < Longest && !File.Exists(Path.Combine(directory, "end")); waited += Pause)
        {
            await Task.Delay(Pause, TestContext.Current.CancellationToken);
        }

        void Write(string name, string content) => File.WriteAllText(Path.Combine(directory, name), content);
    }

    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(200);

    private static IPEndPoint At(string variable, int port) => new(IPAddress.Parse(Stated(variable)), port);

    private static LabMachine Machine(string name) => new(
        Stated("LAB_SWITCH"), name, Path.Combine(Stated("LAB_SERIAL"), $"{name}.serial"));

    private static string Stated(string variable) =>
        Environment.GetEnvironmentVariable(variable)
            ?? throw new InvalidOperationException($"{variable} is not set: tests/vm-power runs this test");
}
