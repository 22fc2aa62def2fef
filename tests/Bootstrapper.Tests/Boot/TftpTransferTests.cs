using Bootstrapper.Boot;

namespace Bootstrapper.Tests.Boot;

/// <summary>Lines as Debian's dnsmasq 2.90 wrote them.</summary>
public sealed class TftpTransferTests
{
    private const string Root = "/bsroot/tftpboot";

    [Theory]
    [InlineData("dnsmasq-tftp[7]: sent /bsroot/tftpboot/undionly.kpxe to 10.0.0.5", TftpOutcome.Sent, "undionly.kpxe")]
    [InlineData("dnsmasq-tftp[7]: failed sending /bsroot/tftpboot/os/a b/k to 10.0.0.5", TftpOutcome.BrokenOff, "os/a b/k")]
    [InlineData("dnsmasq-tftp[7]: error 8 User aborted the transfer received from 10.0.0.5", TftpOutcome.Aborted, "")]
    public void What_became_of_a_transfer_is_read_from_the_log(string line, object outcome, string file)
    {
        var transfer = TftpTransfer.Parse(line, Root)!;
        Assert.Equal(((TftpOutcome)outcome, file, "10.0.0.5"), (transfer.Outcome, transfer.File, transfer.Machine.ToString()));
        Assert.Null(transfer.BootFileOf);
    }

    [Fact]
    public void A_boot_file_tells_whose_it_is() => Assert.Equal(
        "52:54:00:99:00:0a",
        TftpTransfer.Parse("dnsmasq-tftp[7]: sent /bsroot/tftpboot/pxelinux.cfg/01-52-54-00-99-00-0a to "
            + "10.0.0.5", Root)!.BootFileOf.ToString());

    [Theory]
    [InlineData("dnsmasq-tftp[7]: TFTP root is /bsroot/tftpboot  ")]
    [InlineData("dnsmasq-tftp[7]: file /bsroot/tftpboot/pxelinux.cfg/0A not found for 10.0.0.5")]
    [InlineData("dnsmasq-dhcp[7]: 1 sent size: 10 option: 66 tftp-server  10.99.0.1")]
    [InlineData("dnsmasq-dhcp[7]: 1 vendor class: dnsmasq-tftp[7]: sent /bsroot/tftpboot/x to 10.0.0.5")]
    [InlineData("dnsmasq-tftp[7]: sent /bsroot/tftpboot/x to nobody")]
    public void Other_lines_are_about_something_else(string line) => Assert.Null(TftpTransfer.Parse(line, Root));
}
