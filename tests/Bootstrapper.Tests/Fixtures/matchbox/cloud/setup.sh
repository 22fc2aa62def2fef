#!/bin/sh
echo zone {{.zone}}{{ if and (index . "role") (eq .role "storage") }} storage{{ else if gt (index . "count") 2 }} many{{ else }} few{{ end }}
