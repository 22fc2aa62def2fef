using System.Globalization;
using System.Text;
using Bootstrapper.Cluster;
using Bootstrapper.Host;

namespace Bootstrapper.Power;

/// <summary>
/// IPMI 2.0 by ipmitool, once for each thing that is asked. The password goes in by its standard input: others on this machine
/// see the arguments of a program.
/// </summary>
internal sealed class IpmiBmc(BmcSettings bmc, string password, BmcPatience patience) : IBmc
{
    /// <summary>Bytes of a password (IPMI 2.0, 22.30): ipmitool would ask nobody for a shorter one.</summary>
    private const int LongestPassword = 20;

    public async Task<PowerState?> StateAsync(CancellationToken cancellation)
    {
        var said = await AskAsync(["chassis", "power", "status"], cancellation);
        return said.Contains("Power is on", StringComparison.OrdinalIgnoreCase) ? PowerState.On
            : said.Contains("Power is off", StringComparison.OrdinalIgnoreCase) ? PowerState.Off
            : throw new PowerException(
                PowerFailure.Refused, $"does not say whether the machine is on: {Printable.OnOneLine(said)}");
    }

    public Task SwitchAsync(PowerChange change, CancellationToken cancellation) =>
        AskAsync(["chassis", "power", Bmcs.Word(change)], cancellation);

    public Task BootOnceAsync(BootDevice device, CancellationToken cancellation) => AskAsync(
        [
            "chassis", "bootdev", device == BootDevice.Network ? "pxe" : "disk",
            .. bmc.FirmwareMode == FirmwareMode.Uefi ? ["options=efiboot"] : Array.Empty<string>(),
        ],
        cancellation);

    public async Task<BmcFacts> FactsAsync(CancellationToken cancellation)
    {
        var power = await StateAsync(cancellation);
        return IpmiFacts.Of(
            power,
            await OrNothingAsync(["fru", "print", "0"], cancellation),
            await OrNothingAsync(["mc", "info"], cancellation));
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    /// <summary>What not every BMC has.</summary>
    private async Task<string> OrNothingAsync(IReadOnlyList<string> what, CancellationToken cancellation)
    {
        try
        {
            return await AskAsync(what, cancellation);
        }
        catch (PowerException e) when (e.Failure == PowerFailure.Refused)
        {
            return "";
        }
    }

    private async Task<string> AskAsync(IReadOnlyList<string> what, CancellationToken cancellation)
    {
        var octets = Encoding.UTF8.GetBytes(password + "\n");
        if (octets.Length - 1 > LongestPassword)
        {
            throw new PowerException(
                PowerFailure.NotDescribed,
                $"knows no passwords of more than {LongestPassword} bytes; that in {bmc.PasswordFile} is");
        }

        var run = new ProgramRun("ipmitool", Arguments(what), patience.Program)
        {
            Input = async (input, token) => await input.WriteAsync(octets, token),
        };
        try
        {
            var result = await run.RunAsync(cancellation);
            return result.ExitCode == 0 ? result.Text : throw Refusal(what, result.Errors);
        }
        catch (ProgramException e)
        {
            throw new PowerException(PowerFailure.Silent, e.Message);
        }
    }

    private IReadOnlyList<string> Arguments(IReadOnlyList<string> what) =>
    [
        "-v", // otherwise a wrong password reads like a BMC that is not there
        "-I", "lanplus", "-H", bmc.Address.ToString(), "-p", Number(bmc.Port), "-U", bmc.User, "-f", "/dev/stdin",
        .. bmc.CipherSuite is { } suite ? ["-C", Number(suite)] : Array.Empty<string>(),
        "-N", "1", "-R", "3", // seconds for an answer, and tries
        .. what,
    ];

    /// <param name="said">By ipmitool 1.8.19.</param>
    private PowerException Refusal(IReadOnlyList<string> what, string said) =>
        said.Contains("HMAC is invalid", StringComparison.Ordinal) ? new(
            PowerFailure.NotLetIn, $"does not take the password in {bmc.PasswordFile} for the user {bmc.User}: correct either")
        : said.Contains("unauthorized name", StringComparison.Ordinal) ? new(
            PowerFailure.NotLetIn, $"has no user {bmc.User} who may log in over the network: correct user, or enable it there")
        : said.Contains("open session response", StringComparison.Ordinal) ? new(
            PowerFailure.Refused, $"refuses the session: {Last(said, "open session response")}; try another cipher_suite")
        : said.Contains("Unable to establish", StringComparison.Ordinal) ? new(
            PowerFailure.Silent, $"does not answer: is it on, at this address, with IPMI over LAN enabled, "
                + $"and {Number(bmc.Port)}/udp not blocked?")
        : new(PowerFailure.Refused, $"says no to {string.Join(' ', what)}: {Last(said, "")}");

    private static string Last(string said, string with) => Printable.OnOneLine(
        said.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)
            .LastOrDefault(line => line.Contains(with, StringComparison.Ordinal), "no reason given"));

    private static string Number(int number) => number.ToString(CultureInfo.InvariantCulture);
}
