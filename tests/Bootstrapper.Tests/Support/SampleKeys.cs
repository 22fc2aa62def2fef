namespace Bootstrapper.Tests.Support;

/// <summary>Public keys whose private ones nobody has.</summary>
internal static class SampleKeys
{
    public const string One = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIExampleExampleExampleExampleExampleExample0";

    public const string Other = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOperatorOperatorOperatorOperatorOperatorOp0";
}
