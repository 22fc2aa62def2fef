namespace Bootstrapper.Images.Releases;

/// <summary>Kinds of machine that releases are made for.</summary>
internal enum Architecture
{
    Amd64,
    Arm64,
}
